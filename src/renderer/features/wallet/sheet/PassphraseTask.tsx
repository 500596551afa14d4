import { MIN_PASSPHRASE, type AccountInfo } from '@shared/wallet/account'
import { useState } from 'react'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { useTask } from './use-task'

/** A first passphrase for an account without one, or another one. */
export function PassphraseTask({ account, onCancel }: { account: AccountInfo; onCancel: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const { busy, problem, run, setProblem } = useTask()
  const hasOne = account.protection === 'passphrase'
  const set = (): void => {
    if (Array.from(next).length < MIN_PASSPHRASE) {
      setProblem(`The passphrase needs at least ${MIN_PASSPHRASE} characters.`)
    } else run(() => sheetClient().call('setPassphrase', { current: hasOne ? current : null, next }))
  }
  return (
    <SheetCard
      title={hasOne ? `Another passphrase for ${account.name}` : `Protect ${account.name}`}
      problem={problem}
      onEdit={() => setProblem(null)}
      accept="Set passphrase"
      busy={busy}
      onAccept={set}
      onCancel={onCancel}
    >
      {hasOne && <SecretField label="Passphrase of now" value={current} onChange={setCurrent} autoFocus />}
      <SecretField label="New passphrase" value={next} onChange={setNext} strength autoFocus={!hasOne} />
      <p className="sheet__hint">Nobody can reset it. With your backup words you can always make the account again.</p>
    </SheetCard>
  )
}
