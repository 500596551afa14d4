import type { ReactNode } from 'react'
import { Button } from '@/ui/Button'

interface PlayerMessageProps {
  title: string
  text?: string
  icon?: ReactNode
  busy?: boolean
  /** Something may still come of it by itself. */
  waiting?: boolean
  problem?: boolean
  actions?: ReactNode
  onBack: () => void
}

/** The player's place while there is no picture: what is going on, and the way back. */
export function PlayerMessage({
  title,
  text,
  icon,
  busy = false,
  waiting = false,
  problem = false,
  actions,
  onBack,
}: PlayerMessageProps) {
  return (
    <div className="player player--message" role={problem ? 'alert' : 'status'}>
      {busy ? <span className="spinner spinner--large" aria-hidden="true" /> : icon}
      <h1 className="player__message-title">{title}</h1>
      {waiting && <span className="spinner" aria-hidden="true" />}
      {text !== undefined && <p className="player__message-text selectable">{text}</p>}
      <div className="player__message-actions">
        {actions}
        <Button variant="glass" onClick={onBack}>
          Back to lives
        </Button>
      </div>
    </div>
  )
}
