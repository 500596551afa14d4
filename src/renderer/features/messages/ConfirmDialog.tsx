import type { ReactNode } from 'react'
import { Button } from '@/ui/Button'
import { MessagesDialog } from './MessagesDialog'

interface ConfirmDialogProps {
  title: string
  children: ReactNode
  /** Word on the button that does it. */
  accept: string
  onAccept: () => void
  onClose: () => void
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ title, children, accept, onAccept, onClose }: ConfirmDialogProps) {
  return (
    <MessagesDialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            onClick={() => {
              onClose()
              onAccept()
            }}
          >
            {accept}
          </Button>
        </>
      }
    >
      <div className="messages-dialog__text">{children}</div>
    </MessagesDialog>
  )
}
