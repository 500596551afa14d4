import { useEffect, useRef } from 'react'
import { playerAction, type PlayerAction } from './player-key'

/** Hands the player's keys to `act` while `active`. */
export function usePlayerKeys(active: boolean, act: (action: PlayerAction) => void): void {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    if (!active) return
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = playerAction(event)
      if (action === null) return
      event.preventDefault()
      latest.current(action)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [active])
}
