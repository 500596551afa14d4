import { EllipsisVertical } from 'lucide-react'
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { IconButton } from './IconButton'
import './action-menu.css'

export interface MenuAction {
  readonly label: string
  readonly icon?: ReactNode
  readonly run: () => void
  /** Of a choice that is on or off. */
  readonly checked?: boolean
  /** Takes something away. */
  readonly grave?: boolean
}

interface ActionMenuProps {
  /** Name of the button, e.g. `More about Anna`. */
  label: string
  actions: readonly MenuAction[]
  variant?: 'quiet' | 'plain' | 'glass'
  /** Which edge of the button it hangs from. */
  align?: 'start' | 'end'
  /** A button of another look: its class, and what is on it. */
  face?: { readonly className: string; readonly content: ReactNode }
}

/** Between button and menu, and between menu and the edge of the window, pixels. */
const GAP = 4
const EDGE = 8
const ITEMS = '[role^=menuitem]'

/**
 * A button with a menu of less common things to do, above everything else on the page. As WAI-ARIA has menus: arrows, Home
 * and End move, Escape and a press elsewhere close.
 */
export function ActionMenu({ label, actions, variant = 'quiet', align = 'end', face }: ActionMenuProps) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  const place = (isOpen: boolean): void => {
    button.current?.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen || menu.current === null || button.current === null) return
    const { top, bottom, left, right } = button.current.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height, style } = menu.current
    const below = bottom + GAP
    style.top = `${below + height + EDGE <= innerHeight ? below : Math.max(EDGE, top - GAP - height)}px`
    const wanted = align === 'end' ? right - width : left
    style.left = `${Math.max(EDGE, Math.min(wanted, innerWidth - EDGE - width))}px`
    menu.current.querySelector<HTMLElement>(ITEMS)?.focus()
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    event.stopPropagation() // the page below has keys of its own
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (event.key === 'Tab') menu.current?.hidePopover()
    if (next === undefined) return
    event.preventDefault()
    items[(next + items.length) % items.length]?.focus()
  }

  const opens = { ref: button, popoverTarget: id, 'aria-haspopup': 'menu', 'aria-expanded': false } as const
  return (
    <>
      {face === undefined ? (
        <IconButton label={label} align="end" variant={variant} {...opens}>
          <EllipsisVertical size={18} />
        </IconButton>
      ) : (
        <button type="button" className={face.className} aria-label={label} title={label} {...opens}>
          {face.content}
        </button>
      )}
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className="action-menu"
        onToggle={(event) => place(event.newState === 'open')}
        onKeyDown={onKeyDown}
      >
        {actions.map(({ label: words, icon, run, checked, grave = false }) => (
          <button
            key={words}
            type="button"
            role={checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked={checked}
            tabIndex={-1}
            data-grave={grave || undefined}
            className="action-menu__item"
            onClick={() => {
              menu.current?.hidePopover()
              run()
            }}
          >
            {icon}
            {words}
          </button>
        ))}
      </div>
    </>
  )
}
