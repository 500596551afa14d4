import type { ReactNode } from 'react'
import './tooltip.css'

interface TooltipProps {
  text: string
  side?: 'top' | 'bottom'
  /** `end` keeps it inside when the child stands at the right edge of what it is in. */
  align?: 'center' | 'end'
  children: ReactNode
}

/** Shows `text` while what it wraps is hovered or focused. Decoration only: the child carries its own name. */
export function Tooltip({ text, side = 'top', align = 'center', children }: TooltipProps) {
  return (
    <span className={`tooltip tooltip--${side} tooltip--${align}`}>
      {children}
      <span className="tooltip__text" aria-hidden="true">
        {text}
      </span>
    </span>
  )
}
