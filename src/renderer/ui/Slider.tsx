import { useId, type KeyboardEvent } from 'react'
import { sliderKey } from './slider-key'
import './slider.css'

interface SliderProps {
  label: string
  /** Whole number from 0 to 100. */
  value: number
  onChange: (value: number) => void
  /** Where a double click or Backspace goes back to. */
  resetTo?: number
  disabled?: boolean
}

/**
 * A labelled slider from 0 to 100. Arrows move by 1, with Shift or Page Up / Page Down by 10, Home and End go to the
 * ends, a double click or Backspace goes back to `resetTo`.
 */
export function Slider({ label, value, onChange, resetTo = 0, disabled = false }: SliderProps) {
  const id = useId()

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const next = sliderKey(event.key, event.shiftKey, value, resetTo)
    if (next === null) return
    event.preventDefault()
    if (next !== value) onChange(next)
  }

  return (
    <div className="slider" data-disabled={disabled || undefined}>
      <label className="slider__label" htmlFor={id}>
        {label}
      </label>
      <output className="slider__value tabular" htmlFor={id} aria-hidden="true">
        {value}
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={1}
        value={value}
        disabled={disabled}
        title="Double-click to reset"
        style={{ '--fill': `${value}%` }}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
        onKeyDown={onKeyDown}
        onDoubleClick={() => onChange(resetTo)}
      />
    </div>
  )
}
