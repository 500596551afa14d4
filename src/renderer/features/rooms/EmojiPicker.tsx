import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { recentEmoji, rememberEmoji } from './emoji-recent'
import { findEmoji, type Emoji } from './emoji-set'

const COLUMNS = 8

interface EmojiPickerProps {
  onPick: (emoji: string) => void
  onClose: () => void
}

/** Little pictures to write with: those used last, and a search by name. Arrows go over the grid, Enter takes one. */
export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const [recent] = useState(recentEmoji)
  const found = useMemo(() => findEmoji(search), [search])
  const groups: { title: string; emoji: readonly Emoji[] }[] =
    search.trim() === ''
      ? [
          { title: 'Used last', emoji: recent },
          { title: 'All', emoji: found },
        ]
      : [{ title: 'Found', emoji: found }]
  const all = groups.flatMap(({ emoji }) => emoji)

  useEffect(() => {
    const onPointerDown = (event: PointerEvent): void => {
      const target = event.target as HTMLElement
      if (!box.current?.contains(target) && target.closest('.chat-field__emoji') === null) onClose()
    }
    window.addEventListener('pointerdown', onPointerDown)
    return () => window.removeEventListener('pointerdown', onPointerDown)
  }, [onClose])

  const pick = ({ emoji }: Emoji): void => {
    rememberEmoji(emoji)
    onPick(emoji)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
      return
    }
    const isField = event.target instanceof HTMLInputElement
    const moves = isField
      ? { ArrowDown: at }
      : { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + COLUMNS, ArrowUp: at - COLUMNS }
    const to = (moves as Partial<Record<string, number>>)[event.key]
    if (isField && event.key === 'Enter') {
      event.preventDefault()
      const first = found[0]
      if (search.trim() !== '' && first !== undefined) pick(first)
      return
    }
    if (to === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min(all.length - 1, to))
    setAt(next)
    box.current?.querySelectorAll<HTMLElement>('.emoji-picker__one')[next]?.focus()
  }

  return (
    <div ref={box} role="dialog" aria-label="Emoji" className="emoji-picker" onKeyDown={onKeyDown}>
      <label htmlFor={id} className="visually-hidden">
        Search emoji
      </label>
      <input
        id={id}
        type="search"
        placeholder="Search: heart, lol, fire…"
        value={search}
        autoFocus
        onChange={(event) => {
          setSearch(event.currentTarget.value)
          setAt(0)
        }}
      />
      <div className="emoji-picker__groups">
        {groups.map(({ title, emoji }, group) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            {emoji.length === 0 && <p>Nothing is called that. Try another word.</p>}
            <div className="emoji-picker__grid">
              {emoji.map((one, order) => {
                const place = order + (group === 1 ? groups[0]!.emoji.length : 0)
                return (
                  <button
                    key={one.emoji}
                    type="button"
                    className="emoji-picker__one"
                    tabIndex={place === at ? 0 : -1}
                    aria-label={one.name}
                    title={one.name}
                    onClick={() => pick(one)}
                  >
                    {one.emoji}
                  </button>
                )
              })}
            </div>
          </section>
        ))}
      </div>
    </div>
  )
}
