import { useEffect } from 'react'
import { BackupTask } from './BackupTask'
import { CreateTask } from './CreateTask'
import { ExportTask } from './ExportTask'
import { ImportTask } from './ImportTask'
import { PassphraseTask } from './PassphraseTask'
import { PromptCard } from './PromptCard'
import { sheetClient, useSheet } from './sheet-store'
import { UnlockTask } from './UnlockTask'

function dismiss(): void {
  void sheetClient().call('dismiss', undefined)
}

/** The one card that the engine wants shown. Escape closes it, which for a signature is a no. */
export function SheetApp() {
  const view = useSheet((state) => state.view)
  const isOpen = view.show !== 'nothing'

  useEffect(() => {
    if (!isOpen) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') dismiss()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isOpen])

  if (view.show === 'nothing') return null
  if (view.show === 'prompt') return <PromptCard key={view.prompt.id} prompt={view.prompt} waiting={view.waiting} />
  const { account, task } = view
  if (task === 'create') return <CreateTask onCancel={dismiss} />
  if (task === 'import') return <ImportTask onCancel={dismiss} />
  if (account === null) return null
  switch (task) {
    case 'unlock':
      return <UnlockTask account={account} onCancel={dismiss} />
    case 'passphrase':
      return <PassphraseTask account={account} onCancel={dismiss} />
    case 'backup':
      return <BackupTask account={account} onCancel={dismiss} />
    case 'export':
      return <ExportTask account={account} onCancel={dismiss} />
  }
}
