import type { AccountInfo } from '@shared/wallet/account'
import { useState } from 'react'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { useTask } from './use-task'

export function UnlockTask({ account, onCancel }: { account: AccountInfo; onCancel: () => void }) {
  const [passphrase, setPassphrase] = useState('')
  const { busy, problem, run, setProblem } = useTask()
  return (
    <SheetCard
      title={`Unlock ${account.name}`}
      problem={problem}
      onEdit={() => setProblem(null)}
      accept="Unlock"
      busy={busy}
      disabled={passphrase === ''}
      onAccept={() => run(() => sheetClient().call('unlock', { passphrase }))}
      onCancel={onCancel}
    >
      <SecretField label="Passphrase" value={passphrase} onChange={setPassphrase} autoFocus />
    </SheetCard>
  )
}
