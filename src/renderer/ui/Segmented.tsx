import { useId, type ReactNode } from 'react'
import './segmented.css'

export interface Segment<T extends string> {
  value: T
  label: string
  icon?: ReactNode
}

interface SegmentedProps<T extends string> {
  /** Name of the group. */
  label: string
  segments: readonly Segment<T>[]
  /** Null while none of them fits. */
  value: T | null
  onChange: (value: T) => void
  disabled?: boolean
}

/**
 * One of a few, side by side. Real radio buttons lie invisibly over the words, so the arrow keys, the group and
 * presses work as the browser makes them.
 */
export function Segmented<T extends string>({ label, segments, value, onChange, disabled = false }: SegmentedProps<T>) {
  const group = useId()
  return (
    <div role="radiogroup" aria-label={label} className="segmented">
      {segments.map((segment) => (
        <label key={segment.value} className="segmented__item">
          <input
            type="radio"
            name={group}
            checked={segment.value === value}
            disabled={disabled}
            onChange={() => onChange(segment.value)}
          />
          <span className="segmented__face">
            {segment.icon}
            {segment.label}
          </span>
        </label>
      ))}
    </div>
  )
}
