import type { ChatLine } from '@shared/community/room-state'
import { MessagesSquare, Pin, Settings2, X } from 'lucide-react'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { blockAccount, muteAccount, reportSubject } from '@/features/safety/safety-actions'
import { useSafety } from '@/features/safety/safety-store'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { authorName } from './author-name'
import { chatRows } from './chat-rows'
import { linkIn } from './chat-text'
import { ChatAnnouncer } from './ChatAnnouncer'
import { ChatField } from './ChatField'
import { ChatList } from './ChatList'
import { Hindrance } from './Hindrance'
import { mayWrite, type LineAction } from './line-actions'
import { LineMenu } from './LineMenu'
import { moderate, openRoom, type RoomView } from './room-store'
import { RoomSettings } from './RoomSettings'
import './rooms.css'

interface ChatPanelProps {
  room: string
  view: RoomView
  /** Of the live, Unix milliseconds. */
  startedAt: number
  /** Accounts that gave most in it, the first one first. */
  supporters: readonly string[]
  /** Over the picture in full screen: without a head. */
  isFloating?: boolean
  /** Buttons of its head. */
  head?: ReactNode
}

const MUTES: Partial<Record<LineAction, number>> = { 'mute-1': 60, 'mute-10': 600, 'mute-60': 3_600 }

/** The talk of a live: what is said and given, and where one writes. */
export function ChatPanel({ room, view, startedAt, supporters, isFloating = false, head }: ChatPanelProps) {
  const { state, lines, gifts, outgoing } = view
  const hidden = useHidden()
  const [text, setText] = useState('')
  const [replyTo, setReplyTo] = useState<ChatLine | null>(null)
  const [menu, setMenu] = useState<{ line: ChatLine; beside: HTMLElement } | null>(null)
  const [isSetting, setSetting] = useState(false)
  const [sought, setSought] = useState<{ id: string; number: number } | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)

  const shown = useMemo(() => lines.filter(({ account }) => !hidden.has(account)), [lines, hidden])
  const rows = useMemo(() => chatRows(shown, gifts, outgoing, startedAt), [shown, gifts, outgoing, startedAt])
  const speakers = useMemo(() => speakersOf(shown, state?.ownerName ?? null), [shown, state?.ownerName])
  const names = useSame(useMemo(() => namesOf(shown, speakers), [shown, speakers]))

  const act = (action: LineAction, line: ChatLine): void => {
    const name = authorName(line)
    const { account, id } = line
    const toast = useToasts.getState().show
    const keep = (work: Promise<unknown>, done?: () => void): void => void work.then(done).catch(tellProblem)
    const undo = (message: string, detail: string, run: () => Promise<unknown>): void =>
      toast('info', message, { detail, action: 'Undo', run: () => keep(run()) })
    const seconds = MUTES[action]
    if (seconds !== undefined) {
      keep(moderate(room, { do: 'mute', account, seconds }), () =>
        undo(
          `${name} cannot write for ${seconds === 3_600 ? 'an hour' : seconds === 60 ? 'a minute' : '10 minutes'}`,
          'Their messages are hidden from everybody meanwhile.',
          () => moderate(room, { do: 'unban', account }),
        ),
      )
      return
    }
    switch (action) {
      case 'reply':
        reply(line)
        break
      case 'mention':
        setText((before) => `${before}${before === '' || before.endsWith(' ') ? '' : ' '}@${name} `)
        focusField()
        break
      case 'copy':
        keep(studioClient().app.copyText(line.text))
        break
      case 'copy-link':
        keep(studioClient().app.copyText(linkIn(line.text) ?? ''))
        break
      case 'withdraw':
        keep(studioClient().rooms.withdraw({ room, line: id }))
        break
      case 'pin':
        keep(moderate(room, { do: 'pin', line: id }))
        break
      case 'unpin':
        keep(moderate(room, { do: 'pin', line: null }))
        break
      case 'delete':
        keep(moderate(room, { do: 'delete', line: id }))
        break
      case 'ban':
        keep(moderate(room, { do: 'ban', account }), () =>
          undo(`${name} is banned from this room`, 'All that they said here is hidden from everybody.', () =>
            moderate(room, { do: 'unban', account }),
          ),
        )
        break
      case 'make-mod':
        keep(moderate(room, { do: 'role', account, role: 'mod' }), () =>
          toast('info', `${name} is a moderator now: may delete messages, time out, ban and pin.`),
        )
        break
      case 'unmake-mod':
        keep(moderate(room, { do: 'role', account, role: null }))
        break
      case 'hide-person':
        keep(muteAccount(account))
        break
      case 'block':
        keep(blockAccount(account))
        break
      case 'report':
        reportSubject(id)
        break
    }
  }
  const focusField = (): void => {
    requestAnimationFrame(() => {
      const area = field.current
      area?.focus()
      area?.setSelectionRange(area.value.length, area.value.length)
    })
  }
  const reply = (line: ChatLine): void => {
    setReplyTo(line)
    focusField()
  }

  const isStaff = state?.role === 'owner' || state?.role === 'mod'
  const pinned = state?.pinned ?? null
  const hindrance = state?.hindrance ?? null
  return (
    <section
      className={isFloating ? 'chat chat--floating' : 'chat'}
      aria-label="Chat"
      onKeyDown={(event) => {
        // letters and arrows are the player's elsewhere
        if (event.key !== 'Escape') event.stopPropagation()
      }}
    >
      {!isFloating && (
        <header className="chat__head">
          <h2>{state?.title ?? 'Chat'}</h2>
          {isStaff && (
            <IconButton label="Room settings" side="bottom" align="end" onClick={() => setSetting(true)}>
              <Settings2 size={17} />
            </IconButton>
          )}
          {head}
        </header>
      )}
      {pinned !== null && !hidden.has(pinned.account) && (
        <div className="chat__pinned">
          <Pin size={14} aria-hidden="true" />
          <button
            type="button"
            aria-label={`Pinned message of ${authorName(pinned)}: ${pinned.text}`}
            onClick={() => setSought({ id: pinned.id, number: (sought?.number ?? 0) + 1 })}
          >
            <strong>{authorName(pinned)}</strong> {pinned.text}
          </button>
          {isStaff && (
            <IconButton
              label="Unpin"
              side="bottom"
              align="end"
              className="button--small"
              onClick={() => act('unpin', pinned)}
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      )}
      {view.problem !== null ? (
        <EmptyState
          icon={<MessagesSquare size={26} />}
          title="The chat did not open"
          actions={<Button onClick={() => void openRoom(room)}>Try again</Button>}
        >
          <p role="alert">{view.problem}</p>
        </EmptyState>
      ) : state === null ? (
        <p className="chat__opening" role="status">
          <span className="spinner" aria-hidden="true" /> Opening the chat…
        </p>
      ) : (
        <>
          {rows.length === 0 && !isFloating ? (
            <EmptyState icon={<MessagesSquare size={26} />} title="Say hello">
              <p>
                {state.role === 'owner'
                  ? 'What your viewers write appears here. Greet them: the first message is the hardest.'
                  : 'Nobody has written yet. Be the first; everybody who watches can read it.'}
              </p>
            </EmptyState>
          ) : (
            <ChatList
              {...{ room, view, rows, names, supporters, sought }}
              mayReply={mayWrite(state)}
              onMenu={(line, beside) => setMenu({ line, beside })}
              onReply={reply}
            />
          )}
          {mayWrite(state) ? (
            <ChatField
              {...{ state, text, field, replyTo }}
              names={speakers}
              onText={setText}
              onReplyDone={() => setReplyTo(null)}
            />
          ) : (
            hindrance !== null && <Hindrance state={state} hindrance={hindrance} />
          )}
          {menu !== null && (
            <LineMenu
              {...menu}
              state={state}
              onChoose={(action) => act(action, menu.line)}
              onClose={() => setMenu(null)}
            />
          )}
          {isSetting && <RoomSettings state={state} onClose={() => setSetting(false)} />}
        </>
      )}
      <ChatAnnouncer lines={shown} />
    </section>
  )
}

/** What others here are called, who spoke last first. */
function speakersOf(lines: readonly ChatLine[], owner: string | null): string[] {
  const names = new Set<string>()
  for (const line of lines.toReversed()) if (!line.mine) names.add(authorName(line))
  if (owner !== null) names.add(owner)
  return [...names]
}

/** All names that may be called in a line. */
function namesOf(lines: readonly ChatLine[], speakers: readonly string[]): string[] {
  const mine = lines.find((line) => line.mine)
  return [...new Set([...speakers, ...(mine === undefined ? [] : [authorName(mine)])])].sort()
}

/** The array before while it says the same, so that rows are not drawn anew with each message. */
function useSame(names: string[]): readonly string[] {
  const key = JSON.stringify(names)
  return useMemo(() => JSON.parse(key) as string[], [key])
}

/** Accounts that this person does not want to read. */
function useHidden(): ReadonlySet<string> {
  const { blocked, muted } = useSafety((state) => state.rules)
  return useMemo(() => {
    const subjects = [...blocked, ...muted]
    return new Set(subjects.flatMap((one) => (one.startsWith('acct:') ? [one.slice(5)] : [])))
  }, [blocked, muted])
}
