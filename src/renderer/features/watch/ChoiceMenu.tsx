import { Check, ChevronUp } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import './choice-menu.css'

/** One line of a menu over the picture. */
export interface Choice<T> {
  id: T
  name: string
  hint?: string
  /** It does something and is never the chosen one. */
  isAction?: boolean
}

interface ChoiceMenuProps<T> {
  /** What is chosen, e.g. "Quality". */
  label: string
  /** What the button shows, and what it is read as together with the label. */
  face: ReactNode
  spoken: string
  choices: readonly Choice<T>[]
  chosen: T
  onChoose: (choice: T) => void
}

/** A button with a menu above it, by pointer and by keyboard (ARIA: menu with menuitemradio). */
export function ChoiceMenu<T extends string | number | null>(props: ChoiceMenuProps<T>) {
  const { label, face, spoken, choices, chosen, onChoose } = props
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const items = itemsOf(box.current)
    ;(items.find((item) => item.ariaChecked === 'true') ?? items[0])?.focus()
    const onPointerDown = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    window.addEventListener('pointerdown', onPointerDown)
    return () => window.removeEventListener('pointerdown', onPointerDown)
  }, [open])

  const close = (): void => {
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return
    // The arrows are the volume elsewhere in the player.
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault()
      close()
      return
    }
    const items = itemsOf(box.current)
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    items[to % items.length]?.focus()
  }

  return (
    <div className="choice-menu" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="choice-menu__button tabular"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`${label}: ${spoken}`}
        onClick={() => setOpen(!open)}
      >
        {face}
        <ChevronUp size={15} aria-hidden="true" />
      </button>
      {open && (
        <div id={id} role="menu" aria-label={label} className="choice-menu__list">
          {choices.map((choice) => (
            <button
              key={choice.id}
              type="button"
              role={choice.isAction === true ? 'menuitem' : 'menuitemradio'}
              aria-checked={choice.isAction === true ? undefined : choice.id === chosen}
              tabIndex={-1}
              onClick={() => {
                close()
                onChoose(choice.id)
              }}
            >
              <Check size={15} aria-hidden="true" />
              <span>{choice.name}</span>
              {choice.hint !== undefined && <small>{choice.hint}</small>}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function itemsOf(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
}
