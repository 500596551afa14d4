import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { IconButton } from '@/ui/IconButton'

interface MessagesDialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Buttons at its end. */
  actions?: ReactNode
}

/** What lies over the page; Escape closes it. */
export function MessagesDialog({ title, onClose, children, actions }: MessagesDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className="messages-dialog"
      aria-labelledby={id}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="messages-dialog__header">
        <h2 id={id}>{title}</h2>
        <IconButton label="Close" shortcut="Esc" side="bottom" align="end" onClick={() => dialog.current?.close()}>
          <X size={16} />
        </IconButton>
      </header>
      {children}
      {actions !== undefined && <div className="messages-dialog__actions">{actions}</div>}
    </dialog>
  )
}
