import { EXPORT_SENTENCE, MIN_PASSPHRASE, type AccountInfo } from '@shared/wallet/account'
import { useState } from 'react'
import { Segmented } from '@/ui/Segmented'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { TextField } from './TextField'
import { useTask } from './use-task'

const KINDS = [
  { value: 'file', label: 'Keystore file' },
  { value: 'key', label: 'Private key' },
] as const

/** Takes the account elsewhere: an encrypted file, or the bare key. Both need the passphrase and the sentence. */
export function ExportTask({ account, onCancel }: { account: AccountInfo; onCancel: () => void }) {
  const [kind, setKind] = useState<'file' | 'key'>('file')
  const [passphrase, setPassphrase] = useState('')
  const [filePassphrase, setFilePassphrase] = useState('')
  const [sentence, setSentence] = useState('')
  const [key, setKey] = useState<string | null>(null)
  const { busy, problem, run, setProblem } = useTask()
  const hasPassphrase = account.protection === 'passphrase'
  const own = hasPassphrase ? passphrase : null

  if (key !== null) {
    return (
      <SheetCard title={`Private key of ${account.name}`} cancel="Close" onCancel={onCancel}>
        <p className="sheet__lead">{EXPORT_SENTENCE} It is gone from here when you close this.</p>
        <code className="sheet__key selectable">{key}</code>
      </SheetCard>
    )
  }

  const go = (): void => {
    if (sentence.trim() !== EXPORT_SENTENCE) setProblem('Type the sentence as it stands.')
    else if (kind === 'key')
      run(async () => setKey((await sheetClient().call('exportKey', { passphrase: own, sentence })).privateKey))
    else if (Array.from(filePassphrase).length < MIN_PASSPHRASE) {
      setProblem(`The file’s passphrase needs at least ${MIN_PASSPHRASE} characters.`)
    } else run(() => sheetClient().call('exportFile', { passphrase: own, sentence, filePassphrase }))
  }

  return (
    <SheetCard
      title={`Export ${account.name}`}
      problem={problem}
      onEdit={() => setProblem(null)}
      accept={kind === 'file' ? 'Save file' : 'Show key'}
      busy={busy}
      onAccept={go}
      onCancel={onCancel}
    >
      <Segmented label="What to export" segments={KINDS} value={kind} onChange={setKind} />
      {hasPassphrase && <SecretField label="Passphrase" value={passphrase} onChange={setPassphrase} />}
      {kind === 'file' && (
        <SecretField
          label="Passphrase for the file"
          value={filePassphrase}
          onChange={setFilePassphrase}
          strength
          hint="Other wallets (keystore version 3) ask for it."
        />
      )}
      <TextField label={`Type: ${EXPORT_SENTENCE}`} value={sentence} onChange={setSentence} maxLength={200} />
    </SheetCard>
  )
}
