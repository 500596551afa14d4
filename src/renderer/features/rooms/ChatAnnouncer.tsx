import type { ChatLine } from '@shared/community/room-state'
import { useEffect, useRef, useState } from 'react'
import { ANNOUNCE_MS, announcement, type SpokenLine } from './announcement'
import { authorName } from './author-name'

/** Says what comes in to a screen reader, a sentence every few seconds however fast the room talks. */
export function ChatAnnouncer({ lines }: { lines: readonly ChatLine[] }) {
  const [words, setWords] = useState('')
  const newest = useRef<number | null>(null)
  const waiting = useRef<SpokenLine[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const silence = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    const last = lines.at(-1)?.at ?? 0
    const before = newest.current
    newest.current = Math.max(last, before ?? 0)
    if (before === null) return // what was there when the room was opened is read with the arrows
    const fresh = lines.filter(({ at, mine }) => at > before && !mine)
    if (fresh.length === 0) return
    waiting.current.push(
      ...fresh.map((line) => ({ who: authorName(line), text: line.text, mentionsMe: line.mentionsMe })),
    )
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      setWords(announcement(waiting.current))
      waiting.current = []
      clearTimeout(silence.current)
      silence.current = setTimeout(() => setWords(''), ANNOUNCE_MS) // it has been said; it may be deleted by then
    }, ANNOUNCE_MS)
  }, [lines])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      clearTimeout(silence.current)
    },
    [],
  )

  return (
    <p className="visually-hidden" role="status" aria-label="New messages">
      {words}
    </p>
  )
}
