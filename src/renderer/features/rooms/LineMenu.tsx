import type { ChatLine, RoomState } from '@shared/community/room-state'
import {
  AtSign,
  Ban,
  Copy,
  EyeOff,
  Flag,
  Link,
  Pin,
  PinOff,
  Reply,
  Shield,
  ShieldOff,
  TimerOff,
  Trash2,
  Undo2,
  UserRoundX,
  type LucideIcon,
} from 'lucide-react'
import { Fragment, useEffect, useRef, type KeyboardEvent } from 'react'
import { authorName } from './author-name'
import { lineActions, type LineAction } from './line-actions'

const WORDS: Record<LineAction, { words: string; Icon: LucideIcon }> = {
  reply: { words: 'Reply', Icon: Reply },
  mention: { words: 'Mention', Icon: AtSign },
  copy: { words: 'Copy text', Icon: Copy },
  'copy-link': { words: 'Copy the address in it', Icon: Link },
  withdraw: { words: 'Take back', Icon: Undo2 },
  pin: { words: 'Pin for everybody', Icon: Pin },
  unpin: { words: 'Unpin', Icon: PinOff },
  delete: { words: 'Delete for everybody', Icon: Trash2 },
  'mute-1': { words: 'Time out for 1 minute', Icon: TimerOff },
  'mute-10': { words: 'Time out for 10 minutes', Icon: TimerOff },
  'mute-60': { words: 'Time out for 1 hour', Icon: TimerOff },
  ban: { words: 'Ban from this room', Icon: Ban },
  'make-mod': { words: 'Make moderator', Icon: Shield },
  'unmake-mod': { words: 'No longer a moderator', Icon: ShieldOff },
  'hide-person': { words: 'Hide for me', Icon: EyeOff },
  block: { words: 'Block', Icon: UserRoundX },
  report: { words: 'Report', Icon: Flag },
}
const GRAVE: ReadonlySet<LineAction> = new Set<LineAction>(['delete', 'ban', 'block'])
const WIDTH = 236

interface LineMenuProps {
  line: ChatLine
  state: RoomState
  /** It opens beside this, and the focus goes back there. */
  beside: HTMLElement
  onChoose: (action: LineAction) => void
  onClose: () => void
}

/** What can be done with a line (ARIA: menu). A popover, so that it lies over a full screen too. */
export function LineMenu({ line, state, beside, onChoose, onClose }: LineMenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  const { line: own, room, author } = lineActions(line, state)

  useEffect(() => {
    const box = menu.current
    if (box === null) return
    box.showPopover()
    const place = beside.getBoundingClientRect()
    const height = box.offsetHeight
    const top = place.bottom + height + 8 < innerHeight ? place.bottom + 4 : Math.max(8, place.top - height - 4)
    box.style.top = `${Math.min(top, innerHeight - height - 8)}px`
    box.style.left = `${Math.max(8, Math.min(place.right - WIDTH, innerWidth - WIDTH - 8))}px`
    itemsOf(box)[0]?.focus()
  }, [beside])

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation() // arrows and letters are the player's elsewhere
    if (event.key === 'Tab') {
      event.preventDefault()
      menu.current?.hidePopover()
      return
    }
    const items = itemsOf(menu.current)
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    items[to % items.length]?.focus()
  }

  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      aria-label={`Message of ${authorName(line)}`}
      className="line-menu"
      onKeyDown={onKeyDown}
      onToggle={(event) => {
        if (event.nativeEvent.newState !== 'closed') return
        const back = beside.matches('li') ? beside : beside.closest<HTMLElement>('li')
        if (document.activeElement === null || document.activeElement === document.body) back?.focus()
        onClose()
      }}
    >
      {[own, room, author].map(
        (group, at) =>
          group.length > 0 && (
            <Fragment key={at}>
              {at > 0 && <hr />}
              {group.map((action) => {
                const { words, Icon } = WORDS[action]
                return (
                  <button
                    key={action}
                    type="button"
                    role="menuitem"
                    tabIndex={-1}
                    data-grave={GRAVE.has(action) || undefined}
                    onClick={() => {
                      menu.current?.hidePopover()
                      onChoose(action)
                    }}
                  >
                    <Icon size={15} aria-hidden="true" />
                    {action === 'block' || action === 'hide-person' ? nameIn(words, line) : words}
                  </button>
                )
              })}
            </Fragment>
          ),
      )}
    </div>
  )
}

/** "Hide Ann for me", "Block Ann". */
function nameIn(words: string, line: ChatLine): string {
  const [verb, ...rest] = words.split(' ')
  return [verb, authorName(line), ...rest].join(' ')
}

function itemsOf(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
}
