import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './Button'
import { IconButton } from './IconButton'
import { ACTION_TOAST_MS, INFO_TOAST_MS, useToasts, type Toast } from './toast-store'
import './toaster.css'

function ToastItem({ toast }: { toast: Toast }) {
  const dismiss = useToasts((state) => state.dismiss)
  const [held, setHeld] = useState(false)
  const { more } = toast

  useEffect(() => {
    if (toast.level === 'problem' || held) return
    const timer = setTimeout(() => dismiss(toast.id), more ? ACTION_TOAST_MS : INFO_TOAST_MS)
    return () => clearTimeout(timer)
  }, [toast, more, held, dismiss])

  return (
    <div
      className={`toast toast--${toast.level}`}
      role={toast.level === 'problem' ? 'alert' : 'status'}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.level === 'problem' ? <TriangleAlert size={18} /> : <CircleCheck size={18} />}
      <div className="toast__text selectable">
        <p>{toast.message}</p>
        {more && <p className="toast__detail">{more.detail}</p>}
      </div>
      {more && (
        <Button
          className="button--small toast__action"
          onClick={() => {
            more.run()
            dismiss(toast.id)
          }}
        >
          {more.action}
        </Button>
      )}
      <IconButton label="Dismiss" className="toast__close" onClick={() => dismiss(toast.id)}>
        <X size={16} />
      </IconButton>
    </div>
  )
}

/** Short messages in a corner: information fades (not while the pointer is on it), problems stay. */
export function Toaster() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <div className="toaster" role="group" aria-label="Messages">
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </div>
  )
}
