import { MIN_PASSPHRASE } from '@shared/wallet/account'
import { useState } from 'react'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { TextField } from './TextField'
import { useTask } from './use-task'

/** An account in one step: a name and a passphrase. */
export function CreateTask({ onCancel }: { onCancel: () => void }) {
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const { busy, problem, run, setProblem } = useTask()

  const make = (own: string | null): void => {
    if (name.trim() === '') setProblem('Give your account a name.')
    else if (own !== null && Array.from(own).length < MIN_PASSPHRASE) {
      setProblem(`The passphrase needs at least ${MIN_PASSPHRASE} characters.`)
    } else run(() => sheetClient().call('create', { name, passphrase: own }))
  }

  return (
    <SheetCard
      title="Your account"
      problem={problem}
      onEdit={() => setProblem(null)}
      accept="Make account"
      busy={busy}
      onAccept={() => make(passphrase)}
      cancel="Later"
      onCancel={onCancel}
      aside={
        <button type="button" className="sheet__link" onClick={() => void sheetClient().call('turnTo', 'import')}>
          I have one already
        </button>
      }
    >
      <p className="sheet__lead">
        It sends and receives gifts and signs what you publish. It belongs to you: no e-mail, no company behind it.
      </p>
      <TextField label="Name" value={name} onChange={setName} maxLength={40} placeholder="What others see" autoFocus />
      <SecretField
        label="Passphrase"
        value={passphrase}
        onChange={setPassphrase}
        strength
        hint="Protects the account on this computer. A few words are easiest to keep."
      />
      <button type="button" className="sheet__link" disabled={busy} onClick={() => make(null)}>
        Without a passphrase for now
      </button>
      <p className="sheet__hint">
        Then whoever uses this computer can use the account too. That is fine for test value; you can set one any time.
      </p>
    </SheetCard>
  )
}
