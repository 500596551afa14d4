import { Paperclip, X } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { byteWords } from '@/features/library/byte-words'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { dropFile, useAttachments } from './attachment-store'

const NONE: readonly never[] = []

/** What goes with the next message, and how far a transfer is. */
export function ChosenFiles({ draftKey }: { draftKey: string }) {
  const files = useAttachments(({ chosen }) => chosen[draftKey] ?? NONE)
  const progress = useAttachments((state) => state.progress)
  if (files.length === 0 && progress === null) return null
  const words = progress?.what === 'saving' ? 'Saving' : 'Sealing and sending'
  return (
    <div className="composer__files">
      {files.length > 0 && (
        <ul aria-label="Files that go with the message">
          {files.map(({ id, name, size }) => (
            <li key={id}>
              <Paperclip size={14} aria-hidden="true" />
              <span className="composer__file-name">{name}</span>
              <span className="tabular">{byteWords(size)}</span>
              <IconButton label={`Do not send ${name}`} align="end" onClick={() => dropFile(draftKey, id)}>
                <X size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {progress !== null && (
        <div className="composer__progress">
          <span>{words}…</span>
          <progress value={progress.done} max={Math.max(1, progress.total)} aria-label={words} />
          <Button className="button--small" onClick={() => void studioClient().attachments.cancel().catch(tellProblem)}>
            Cancel
          </Button>
        </div>
      )}
    </div>
  )
}
