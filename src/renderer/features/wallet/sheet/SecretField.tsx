import { passphraseStrength } from '@shared/wallet/passphrase-strength'
import { Eye, EyeOff } from 'lucide-react'
import { useId, useState } from 'react'

interface SecretFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  /** Shows how good a new passphrase is. */
  strength?: boolean
  autoFocus?: boolean
}

/** A passphrase: hidden unless the person looks at it. */
export function SecretField({ label, value, onChange, hint, strength = false, autoFocus = false }: SecretFieldProps) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const rated = passphraseStrength(value)
  const below = strength && value !== '' ? rated.hint : hint
  return (
    <div className="sheet__field">
      <label htmlFor={id}>{label}</label>
      <div className="sheet__secret">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          value={value}
          maxLength={256}
          autoComplete="off"
          spellCheck={false}
          autoFocus={autoFocus}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <button
          type="button"
          className="sheet__eye"
          aria-label={shown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={16} /> : <Eye size={16} />}
        </button>
      </div>
      {strength && (
        <span className="strength" data-level={rated.level} aria-hidden="true">
          <span />
          <span />
          <span />
        </span>
      )}
      <span id={`${id}-hint`} className="sheet__hint" role={strength ? 'status' : undefined}>
        {below}
      </span>
    </div>
  )
}
