import { useId, type KeyboardEvent } from 'react'
import { sliderKey } from './slider-key'
import './slider.css'

interface SliderProps {
  label: string
  /** Whole number from 0, or -100 when there are `ends`, to 100. */
  value: number
  onChange: (value: number) => void
  /** Where a double click or Backspace goes back to. */
  resetTo?: number
  /** What a slider that goes both ways does below and above 0; 0 is in its middle then. */
  ends?: readonly [below: string, above: string] | undefined
  disabled?: boolean
}

/**
 * A labelled slider from 0 to 100, or from -100 when it goes both ways. Arrows move by 1, with Shift or Page Up / Page Down by 10, Home and End go to the
 * ends, a double click or Backspace goes back to `resetTo`.
 */
export function Slider({ label, value, onChange, resetTo = 0, ends, disabled = false }: SliderProps) {
  const id = useId()
  const min = ends === undefined ? 0 : -100
  const place = (at: number): number => ((at - min) / (100 - min)) * 100
  const [from, to] = [place(0), place(value)].sort((a, b) => a - b) as [number, number]

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const next = sliderKey(event.key, event.shiftKey, value, resetTo, min)
    if (next === null) return
    event.preventDefault()
    if (next !== value) onChange(next)
  }

  const shown = ends !== undefined && value > 0 ? `+${value}` : String(value).replace('-', '−')

  return (
    <div className="slider" data-disabled={disabled || undefined}>
      <label className="slider__label" htmlFor={id}>
        {label}
      </label>
      <output className="slider__value tabular" htmlFor={id} aria-hidden="true">
        {shown}
      </output>
      <input
        id={id}
        type="range"
        min={min}
        max={100}
        step={1}
        value={value}
        disabled={disabled}
        title={ends === undefined ? 'Double-click to reset' : `${ends[0]} ↔ ${ends[1]} (double-click to reset)`}
        aria-valuetext={ends === undefined ? undefined : inWords(value, ends)}
        style={{ '--fill-from': `${from}%`, '--fill': `${to}%` }}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
        onKeyDown={onKeyDown}
        onDoubleClick={() => onChange(resetTo)}
      />
    </div>
  )
}

function inWords(value: number, [below, above]: readonly [string, string]): string {
  if (value === 0) return 'unchanged'
  return `${Math.abs(value)} ${value < 0 ? below : above}`
}
