import { useEffect, useState } from 'react'
import { dayOf } from './message-blocks'

const LOOK_EVERY_MS = 60_000

/** The day that it is, as its first moment; drawn again after midnight. */
export function useToday(): number {
  const [today, setToday] = useState(() => dayOf(Date.now()))
  useEffect(() => {
    const timer = setInterval(() => setToday(dayOf(Date.now())), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return today
}
