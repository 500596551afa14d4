import { useId } from 'react'

interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  placeholder?: string
  maxLength?: number
  /** Lines; one without. */
  rows?: number
  autoFocus?: boolean
}

/** A labelled field of the sheet. */
export function TextField({ label, value, onChange, hint, placeholder, maxLength, rows, autoFocus }: TextFieldProps) {
  const id = useId()
  const shared = {
    ...{ id, value, placeholder, maxLength, autoFocus, autoComplete: 'off', spellCheck: false },
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
  }
  return (
    <div className="sheet__field">
      <label htmlFor={id}>{label}</label>
      {rows === undefined ? (
        <input type="text" {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <textarea rows={rows} {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="sheet__hint">
          {hint}
        </span>
      )}
    </div>
  )
}
