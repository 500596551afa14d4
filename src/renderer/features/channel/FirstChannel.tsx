import { useId, useState, type SubmitEvent } from 'react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { useWallet } from '@/features/wallet/wallet-store'
import { makeFirstChannel, useEdit } from './edit-store'

/** The first visit: profile and channel in one step, by the name that the account has. */
export function FirstChannel({ account }: { account: string }) {
  const accountName = useWallet(
    (state) => state.wallet?.accounts.find(({ address }) => address === account)?.name ?? '',
  )
  const [typed, setTyped] = useState<string | null>(null)
  const { saving, problem } = useEdit()
  const id = useId()
  const name = typed ?? accountName

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void makeFirstChannel(account, name.trim())
  }

  return (
    <form className="first-channel" onSubmit={submit}>
      <Avatar account={account} name={name} size={88} />
      <h1>Your channel</h1>
      <p className="first-channel__words">
        Your place for videos and lives. It belongs to your account: nobody has to approve it, and nobody can take it
        away.
      </p>
      <div className="field first-channel__field">
        <label htmlFor={id}>Name of the channel</label>
        <input
          id={id}
          type="text"
          value={name}
          maxLength={60}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      {problem !== null && (
        <p className="channel__problem" role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" variant="accent" size="large" busy={saving} disabled={name.trim() === ''}>
        Make my channel
      </Button>
      <p className="first-channel__hint">Picture, cover and description can be added at any time.</p>
    </form>
  )
}
