import { useEffect, useRef, useState } from 'react'
import { useStudio } from './studio-store'

/** Tells people who do not see the pill that the broadcast has begun or ended. */
export function LiveAnnouncer() {
  const state = useStudio(({ live }) => live.state)
  const before = useRef(state)
  const [words, setWords] = useState('')

  useEffect(
    () =>
      useStudio.subscribe(({ live }) => {
        if (live.state === before.current) return
        if (live.state === 'live') setWords('You are live.')
        else if (live.state === 'off' && before.current !== 'starting') setWords('Your live has ended.')
        else if (live.state === 'starting') setWords('Going live.')
        before.current = live.state
      }),
    [],
  )

  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  )
}
