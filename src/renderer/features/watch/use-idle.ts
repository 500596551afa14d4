import { useEffect, useState, type RefObject } from 'react'

/** Stillness after which the controls step back, milliseconds. */
const IDLE_MS = 2800

/** True while neither pointer nor keyboard has been used for a while over this element. */
export function useIdle(element: RefObject<HTMLElement | null>): boolean {
  const [idle, setIdle] = useState(false)
  useEffect(() => {
    const target = element.current
    if (target === null) return
    let timer = setTimeout(() => setIdle(true), IDLE_MS)
    const wake = (): void => {
      setIdle(false)
      clearTimeout(timer)
      timer = setTimeout(() => setIdle(true), IDLE_MS)
    }
    const leave = (): void => setIdle(true)
    target.addEventListener('pointermove', wake)
    target.addEventListener('pointerleave', leave)
    window.addEventListener('keydown', wake)
    return () => {
      clearTimeout(timer)
      target.removeEventListener('pointermove', wake)
      target.removeEventListener('pointerleave', leave)
      window.removeEventListener('keydown', wake)
    }
  }, [element])
  return idle
}
