import type { ReactNode } from 'react'
import './empty-state.css'

interface EmptyStateProps {
  icon: ReactNode
  title: string
  children?: ReactNode
  /** What the person can do about it. */
  actions?: ReactNode
}

/** A place with nothing in it yet: what would be here and how it gets there. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <span className="empty-state__icon" aria-hidden="true">
        {icon}
      </span>
      <h2>{title}</h2>
      {children !== undefined && <div className="empty-state__text">{children}</div>}
      {actions !== undefined && <div className="empty-state__actions">{actions}</div>}
    </div>
  )
}
