import { formatWe, parseWe } from '@shared/money/we-amount'
import type { SignPrompt } from '@shared/wallet/sheet'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { useTask } from './use-task'

/** A yes counts only after the words have been there for a moment: nobody agrees with a click meant for something else. */
const ARM_MS = 600
const MAX_MORE = parseWe('10000')!

/** A signature in words (or higher limits), and the person's yes or no. */
export function PromptCard({ prompt, waiting }: { prompt: SignPrompt; waiting: number }) {
  const { id, kind, words, network, room, needsPassphrase, account } = prompt
  const [isArmed, setArmed] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [more, setMore] = useState(false)
  const [amount, setAmount] = useState('50')
  const { busy, problem, run, setProblem } = useTask()

  useEffect(() => {
    const timer = setTimeout(() => setArmed(true), ARM_MS)
    return () => clearTimeout(timer)
  }, [])

  const answer = (yes: boolean, allowWei = 0n): void =>
    run(() => sheetClient().call('answer', { id, yes, allowWei, passphrase: needsPassphrase ? passphrase : null }))

  const agree = (): void => {
    if (!isArmed) return
    const allowWei = more ? parseWe(amount) : 0n
    if (allowWei === null || allowWei > MAX_MORE) setProblem('Enter an amount of WE up to 10,000.')
    else answer(true, allowWei)
  }

  return (
    <SheetCard
      title={words.title}
      problem={problem}
      onEdit={() => setProblem(null)}
      accept={kind === 'signature' ? 'Sign' : 'Allow'}
      busy={busy}
      disabled={!isArmed || (needsPassphrase && passphrase === '')}
      onAccept={agree}
      cancel="Refuse"
      onCancel={() => answer(false)}
      aside={waiting > 0 && <span className="sheet__hint">{waiting} more after this</span>}
    >
      <dl className="prompt">
        {words.details.map(({ label, value, address }) => (
          <div key={label} className="prompt__row">
            <dt>{label}</dt>
            <dd>
              {value}
              {address !== null && <span className="prompt__address selectable">{address}</span>}
            </dd>
          </div>
        ))}
        <div className="prompt__row">
          <dt>{kind === 'signature' ? 'Signed by' : 'Account'}</dt>
          <dd>{account.name}</dd>
        </div>
      </dl>
      {words.warning !== null && (
        <p className="prompt__warning">
          <TriangleAlert size={16} aria-hidden="true" />
          {words.warning}
        </p>
      )}
      {network?.testValue === true && <p className="sheet__hint">{network.name}: test value only.</p>}
      {network?.testValue === false && (
        <p className="prompt__real">
          <strong>Real value</strong> on {network.name}. What is in a block there stays.
        </p>
      )}
      {room !== null && (
        <label className="prompt__more">
          <input type="checkbox" checked={more} onChange={(event) => setMore(event.currentTarget.checked)} />
          <span>And up to</span>
          <input
            type="text"
            inputMode="decimal"
            aria-label="WE without asking"
            value={amount}
            maxLength={12}
            disabled={!more}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <span>
            WE in {room.name}’s room today without asking ({formatWe(room.leftWei)} left of now)
          </span>
        </label>
      )}
      {needsPassphrase && <SecretField label="Passphrase" value={passphrase} onChange={setPassphrase} autoFocus />}
    </SheetCard>
  )
}
