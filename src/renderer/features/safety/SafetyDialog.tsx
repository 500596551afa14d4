import { useEffect, useId, useRef, type ReactNode } from 'react'
import './safety.css'

interface SafetyDialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** What lies over the page; Escape closes it. */
export function SafetyDialog({ title, onClose, children }: SafetyDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="safety-dialog" aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
