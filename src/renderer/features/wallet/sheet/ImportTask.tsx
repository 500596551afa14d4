import { MIN_PASSPHRASE } from '@shared/wallet/account'
import { useState } from 'react'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { TextField } from './TextField'
import { useTask } from './use-task'

/** Brings an account from backup words, a keystore file or a private key; which one is seen from the text. */
export function ImportTask({ onCancel }: { onCancel: () => void }) {
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [filePassphrase, setFilePassphrase] = useState('')
  const [path, setPath] = useState('')
  const [mnemonicPassphrase, setMnemonicPassphrase] = useState('')
  const { busy, problem, run, setProblem } = useTask()
  const trimmed = text.trim()
  const isFile = trimmed.startsWith('{')
  const isWords = !isFile && /^\p{L}+\s+\p{L}/u.test(trimmed)

  const bring = (): void => {
    if (trimmed === '') setProblem('Enter your words, a private key, or choose a keystore file.')
    else if (name.trim() === '') setProblem('Give the account a name.')
    else if (Array.from(passphrase).length < MIN_PASSPHRASE) {
      setProblem(`The passphrase needs at least ${MIN_PASSPHRASE} characters.`)
    } else {
      run(() =>
        sheetClient().call('importAccount', {
          name,
          passphrase,
          text,
          filePassphrase,
          path: path.trim(),
          mnemonicPassphrase,
        }),
      )
    }
  }

  const choose = (file: File | undefined): void => {
    if (file === undefined) return
    if (file.size > 65_536) setProblem('That file is too large to be a keystore.')
    else run(async () => setText(await file.text()))
  }

  return (
    <SheetCard
      title="Bring an account"
      problem={problem}
      onEdit={() => setProblem(null)}
      accept="Bring it in"
      busy={busy}
      onAccept={bring}
      onCancel={onCancel}
      aside={
        <button type="button" className="sheet__link" onClick={() => void sheetClient().call('turnTo', 'create')}>
          Make a new one
        </button>
      }
    >
      <TextField
        label="Backup words, keystore file or private key"
        value={text}
        onChange={setText}
        rows={3}
        maxLength={65_536}
        hint="It stays on this computer, encrypted under your passphrase."
        autoFocus
      />
      <label className="sheet__file">
        Choose a keystore file
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => choose(event.currentTarget.files?.[0])}
        />
      </label>
      {isFile && <SecretField label="Passphrase of the file" value={filePassphrase} onChange={setFilePassphrase} />}
      {isWords && (
        <details className="sheet__more">
          <summary>Path and extra word</summary>
          <TextField label="Path" value={path} onChange={setPath} placeholder="m/44'/60'/0'/0/0" maxLength={100} />
          <SecretField
            label="Extra word (BIP-39 passphrase)"
            value={mnemonicPassphrase}
            onChange={setMnemonicPassphrase}
            hint="Only if you chose one when you made the words."
          />
        </details>
      )}
      <TextField label="Name" value={name} onChange={setName} maxLength={40} />
      <SecretField label="Passphrase on this computer" value={passphrase} onChange={setPassphrase} strength />
    </SheetCard>
  )
}
