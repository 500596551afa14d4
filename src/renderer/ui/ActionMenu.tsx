import { EllipsisVertical } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { IconButton } from './IconButton'
import './action-menu.css'

export interface MenuAction {
  readonly label: string
  readonly icon?: ReactNode
  readonly run: () => void
  /** Of a choice that is on or off. */
  readonly checked?: boolean
}

interface ActionMenuProps {
  /** Name of the button, e.g. `More about Anna`. */
  label: string
  actions: readonly MenuAction[]
  variant?: 'quiet' | 'plain' | 'glass'
  /** Which edge of the button it hangs from. */
  align?: 'start' | 'end'
}

/** A button with a menu of less common things to do. As WAI-ARIA has menus: arrows, Home and End move, Escape closes. */
export function ActionMenu({ label, actions, variant = 'quiet', align = 'end' }: ActionMenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return
    root.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault()
      close()
    } else if (next !== undefined) {
      event.preventDefault()
      items[(next + items.length) % items.length]?.focus()
    }
  }

  return (
    <span className="more-menu" ref={root}>
      <IconButton
        ref={button}
        label={label}
        align="end"
        variant={variant}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <EllipsisVertical size={18} />
      </IconButton>
      {open && (
        <div
          role="menu"
          aria-label={label}
          className={`more-menu__list more-menu__list--${align}`}
          onKeyDown={onKeyDown}
        >
          {actions.map(({ label: words, icon, run, checked }) => (
            <button
              key={words}
              type="button"
              role={checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
              aria-checked={checked}
              tabIndex={-1}
              className="more-menu__item"
              onClick={() => {
                close()
                run()
              }}
            >
              {icon}
              {words}
            </button>
          ))}
        </div>
      )}
    </span>
  )
}
