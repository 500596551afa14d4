import { useId, type KeyboardEvent } from 'react'
import '@/ui/slider.css'

interface NumberSliderProps {
  label: string
  min: number
  max: number
  step?: number
  value: number
  /** Where a double click or Backspace goes back to. */
  resetTo: number
  format: (value: number) => string
  onChange: (value: number) => void
}

/** A slider over numbers with a unit; a double click or Backspace goes back to `resetTo`. */
export function NumberSlider({ label, min, max, step = 1, value, resetTo, format, onChange }: NumberSliderProps) {
  const id = useId()
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Backspace' && event.key !== 'Delete') return
    event.preventDefault()
    onChange(resetTo)
  }
  return (
    <div className="slider">
      <label className="slider__label" htmlFor={id}>
        {label}
      </label>
      <output className="slider__value tabular" htmlFor={id} aria-hidden="true">
        {format(value)}
      </output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={format(value)}
        title="Double-click to reset"
        style={{ '--fill': `${((value - min) / (max - min)) * 100}%` }}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
        onKeyDown={onKeyDown}
        onDoubleClick={() => onChange(resetTo)}
      />
    </div>
  )
}
