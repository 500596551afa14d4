import { useId, type ReactNode, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'

interface SheetCardProps {
  title: string
  children: ReactNode
  /** What went wrong, in words. */
  problem?: string | null
  /** Word on the button that does it; without one there is only the way out. */
  accept?: string
  busy?: boolean
  disabled?: boolean
  onAccept?: () => void
  /** Something was typed: what was wrong may be right now. */
  onEdit?: () => void
  /** Word on the way out. */
  cancel?: string
  onCancel: () => void
  /** Before the buttons, at the left. */
  aside?: ReactNode
}

/** A card of the sheet: a title, fields, what went wrong, and two buttons. Enter accepts. */
export function SheetCard({
  title,
  children,
  problem = null,
  accept,
  busy = false,
  disabled = false,
  onAccept,
  onEdit,
  cancel = 'Cancel',
  onCancel,
  aside,
}: SheetCardProps) {
  const id = useId()
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!busy && !disabled) onAccept?.()
  }
  return (
    <div className="sheet" role="dialog" aria-modal="true" aria-labelledby={id}>
      <form className="sheet__card" onSubmit={submit} onInput={onEdit} noValidate>
        <h1 id={id}>{title}</h1>
        <div className="sheet__body">{children}</div>
        <p className="sheet__problem" role="alert">
          {problem}
        </p>
        <div className="sheet__buttons">
          {aside}
          <span className="sheet__space" />
          <Button variant="quiet" onClick={onCancel}>
            {cancel}
          </Button>
          {accept !== undefined && (
            <Button type="submit" variant="accent" busy={busy} disabled={disabled}>
              {accept}
            </Button>
          )}
        </div>
      </form>
    </div>
  )
}
