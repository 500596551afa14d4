import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { IconButton } from '@/ui/IconButton'

export interface MenuAction {
  readonly label: string
  readonly icon: ReactNode
  readonly run: () => void
  /** Takes something away. */
  readonly grave?: boolean
}

/** A button that opens a list of things to do; arrows, Home, End, Escape and a press elsewhere work as everywhere. */
export function ActionMenu({
  label,
  icon,
  actions,
}: {
  label: string
  icon: ReactNode
  actions: readonly MenuAction[]
}) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  function place(isOpen: boolean): void {
    if (!isOpen || menu.current === null || button.current === null) return
    const { bottom, right } = button.current.getBoundingClientRect()
    menu.current.style.top = `${bottom + 4}px`
    menu.current.style.left = `${Math.max(8, right - menu.current.offsetWidth)}px`
    menu.current.querySelector<HTMLElement>('[role=menuitem]')?.focus()
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    event.stopPropagation()
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key]
    if (event.key === 'Tab') menu.current?.hidePopover()
    if (to === undefined) return
    event.preventDefault()
    items[to % items.length]?.focus()
  }

  return (
    <>
      <IconButton ref={button} label={label} side="bottom" align="end" aria-haspopup="menu" popoverTarget={id}>
        {icon}
      </IconButton>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className="message-menu"
        onToggle={(event) => place(event.newState === 'open')}
        onKeyDown={onKeyDown}
      >
        {actions.map(({ label: name, icon: mark, run, grave = false }) => (
          <button
            key={name}
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-grave={grave || undefined}
            onClick={() => {
              menu.current?.hidePopover()
              run()
            }}
          >
            {mark}
            {name}
          </button>
        ))}
      </div>
    </>
  )
}
