import type { ReactNode } from 'react'
import './tooltip.css'

interface TooltipProps {
  text: string
  side?: 'top' | 'bottom'
  children: ReactNode
}

/** Shows `text` while what it wraps is hovered or focused. Decoration only: the child carries its own name. */
export function Tooltip({ text, side = 'top', children }: TooltipProps) {
  return (
    <span className={`tooltip tooltip--${side}`}>
      {children}
      <span className="tooltip__text" aria-hidden="true">
        {text}
      </span>
    </span>
  )
}
