import { Pipette } from 'lucide-react'
import { useId } from 'react'
import './colour-swatches.css'

interface ColourSwatchesProps {
  /** Name of the group. */
  label: string
  /** `#rrggbb`, each offered as a dot. */
  colours: readonly string[]
  value: string
  onChange: (colour: string) => void
  disabled?: boolean
}

/** One of some colours, or any by the system's picker; radio buttons lie over the dots. */
export function ColourSwatches({ label, colours, value, onChange, disabled = false }: ColourSwatchesProps) {
  const group = useId()
  const own = !colours.includes(value)
  return (
    <div role="radiogroup" aria-label={label} className="swatches" data-disabled={disabled || undefined}>
      {colours.map((colour, index) => (
        <label key={colour} className="swatches__item" style={{ '--colour': colour }}>
          <input
            type="radio"
            name={group}
            aria-label={`${label} ${index + 1}`}
            checked={value === colour}
            disabled={disabled}
            onChange={() => onChange(colour)}
          />
          <span className="swatches__dot" />
        </label>
      ))}
      <label className="swatches__item" style={own ? { '--colour': value } : undefined} title="Another colour">
        <input
          type="color"
          aria-label={`${label}, another colour`}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <span className="swatches__dot swatches__dot--own" data-chosen={own || undefined}>
          <Pipette size={11} />
        </span>
      </label>
    </div>
  )
}
