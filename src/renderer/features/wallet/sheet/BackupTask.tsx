import type { AccountInfo } from '@shared/wallet/account'
import { useState } from 'react'
import { SecretField } from './SecretField'
import { sheetClient } from './sheet-store'
import { SheetCard } from './SheetCard'
import { TextField } from './TextField'
import { useTask } from './use-task'

type Step = { at: 'ask' } | { at: 'words' | 'check'; words: string[]; ask: number[] }

/** Shows the words, then asks for three of them. */
export function BackupTask({ account, onCancel }: { account: AccountInfo; onCancel: () => void }) {
  const [passphrase, setPassphrase] = useState('')
  const [step, setStep] = useState<Step>({ at: 'ask' })
  const [typed, setTyped] = useState(['', '', ''])
  const { busy, problem, run, setProblem } = useTask()
  const hasPassphrase = account.protection === 'passphrase'

  if (step.at === 'ask') {
    const show = async (): Promise<void> => {
      const shown = await sheetClient().call('showWords', { passphrase: hasPassphrase ? passphrase : null })
      setPassphrase('')
      setStep({ at: 'words', ...shown })
    }
    return (
      <SheetCard
        title="Back up your account"
        problem={problem}
        onEdit={() => setProblem(null)}
        accept="Show the words"
        busy={busy}
        onAccept={() => run(show)}
        onCancel={onCancel}
      >
        <p className="sheet__lead">
          Your account can be made again from its words, on any computer and in any wallet. Write them on paper, in
          order. Whoever reads them can take everything: make sure that nobody looks on and that you are not sharing
          your screen.
        </p>
        {hasPassphrase && <SecretField label="Passphrase" value={passphrase} onChange={setPassphrase} autoFocus />}
      </SheetCard>
    )
  }

  if (step.at === 'words') {
    return (
      <SheetCard
        title="Write these words down"
        accept="I have written them"
        onAccept={() => setStep({ ...step, at: 'check' })}
        onCancel={onCancel}
      >
        <ol className="words">
          {step.words.map((word, at) => (
            <li key={at}>{word}</li>
          ))}
        </ol>
      </SheetCard>
    )
  }

  const check = async (): Promise<void> => {
    if (!(await sheetClient().call('checkWords', { words: typed })))
      setProblem('Not the right words. Look at your paper again; the words are counted from 1.')
  }
  return (
    <SheetCard
      title="Three of them, to be sure"
      problem={problem}
      onEdit={() => setProblem(null)}
      accept="Check"
      busy={busy}
      onAccept={() => run(check)}
      onCancel={onCancel}
      aside={
        <button type="button" className="sheet__link" onClick={() => setStep({ ...step, at: 'words' })}>
          Show them again
        </button>
      }
    >
      {step.ask.map((place, at) => (
        <TextField
          key={place}
          label={`Word ${place + 1}`}
          value={typed[at] ?? ''}
          onChange={(word) => setTyped(typed.map((other, index) => (index === at ? word : other)))}
          maxLength={30}
          autoFocus={at === 0}
        />
      ))}
    </SheetCard>
  )
}
