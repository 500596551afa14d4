import type { RoomState } from '@shared/community/room-state'
import type { RoomAct } from '@shared/ipc/community/rooms-schema'
import { useEffect, useRef, useState } from 'react'
import { describeProblem } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { RoomLists } from './RoomLists'
import { clockWords, dayWords, waitWords } from './chat-time'
import { moderate } from './room-store'
import './room-settings.css'

/** Offered for slow mode, seconds. */
const SLOW = [0, 3, 5, 10, 30, 60, 120, 300] as const
const POLICIES: Record<RoomState['policy'], string> = {
  open: 'Everybody',
  followers: 'Who follows me',
  members: 'Members and moderators',
  closed: 'Only moderators and me',
}
const MAX_WORDS = 200

interface RoomSettingsProps {
  state: RoomState
  onClose: () => void
}

/** How a room is kept. What is chosen holds at once; texts when they are saved. Roles and rules are the owner's alone. */
export function RoomSettings({ state, onClose }: RoomSettingsProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [words, setWords] = useState(state.blockWords.join('\n'))
  const [rules, setRules] = useState(state.rules ?? '')
  const [title, setTitle] = useState(state.title ?? '')
  useEffect(() => dialog.current?.showModal(), [])

  const isOwner = state.role === 'owner'
  const run = async (name: string, act: RoomAct): Promise<void> => {
    setBusy(name)
    setProblem(null)
    try {
      await moderate(state.room, act)
    } catch (error) {
      setProblem(describeProblem(error).message)
    } finally {
      setBusy(null)
    }
  }
  const wordList = [...new Set(words.split(/[\n,]/).map((word) => word.trim()))].filter((word) => word !== '')
  const isLong = wordList.some((word) => word.length > 60) || wordList.length > MAX_WORDS
  const isWordsNew = wordList.join('\n') !== state.blockWords.join('\n')
  const about = { title: title.trim() === '' ? null : title.trim(), rules: rules.trim() === '' ? null : rules.trim() }
  const isAboutNew = about.title !== state.title || about.rules !== state.rules

  return (
    <dialog ref={dialog} className="room-settings" aria-labelledby="room-settings-title" onClose={onClose}>
      <header>
        <h2 id="room-settings-title">Room settings</h2>
        <p>They hold in all your lives, and everybody’s app enforces them.</p>
      </header>
      <div className="room-settings__columns">
        <div>
          <label className="room-settings__line">
            Who may write
            <select
              value={state.policy}
              onChange={({ currentTarget: { value } }) =>
                void run('policy', { do: 'policy', policy: value as RoomState['policy'] })
              }
            >
              {Object.entries(POLICIES).map(([policy, text]) => (
                <option key={policy} value={policy}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label className="room-settings__line">
            Slow mode
            <select
              value={state.slow}
              onChange={({ currentTarget: { value } }) => void run('slow', { do: 'slow', seconds: Number(value) })}
            >
              {[...new Set([...SLOW, state.slow])]
                .sort((one, other) => one - other)
                .map((seconds) => (
                  <option key={seconds} value={seconds}>
                    {seconds === 0 ? 'Off' : `One message in ${waitWords(seconds)}`}
                  </option>
                ))}
            </select>
          </label>
          <label className="room-settings__text">
            Words that nobody may write
            <textarea
              rows={3}
              value={words}
              placeholder="One on each line"
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          </label>
          <p className="room-settings__hint">
            Messages with them reach nobody. Everybody’s app has to know the list, so it is public.
          </p>
          {isLong && (
            <p role="alert" className="room-settings__problem">
              At most {MAX_WORDS} words, each of at most 60 letters.
            </p>
          )}
          <Button
            className="button--small"
            disabled={!isWordsNew || isLong}
            busy={busy === 'words'}
            onClick={() => void run('words', { do: 'words', words: wordList })}
          >
            Save words
          </Button>
          {isOwner && (
            <>
              <label className="room-settings__text">
                Name of the room
                <input
                  type="text"
                  maxLength={80}
                  value={title}
                  placeholder="Chat"
                  onChange={(event) => setTitle(event.currentTarget.value)}
                />
              </label>
              <label className="room-settings__text">
                Rules, shown before somebody’s first message
                <textarea
                  rows={4}
                  maxLength={2_000}
                  value={rules}
                  placeholder="Be kind. No advertising."
                  onChange={(event) => setRules(event.currentTarget.value)}
                />
              </label>
              <Button
                className="button--small"
                disabled={!isAboutNew}
                busy={busy === 'about'}
                onClick={() => void run('about', { do: 'about', ...about })}
              >
                Save name and rules
              </Button>
            </>
          )}
        </div>
        <div>
          <h3>Moderators and members</h3>
          {state.roles.length === 0 ? (
            <p className="room-settings__hint">
              None yet. {isOwner && 'Open the menu of somebody’s message and choose “Make moderator”.'}
            </p>
          ) : (
            <ul className="room-settings__people">
              {state.roles.map(({ account, name, role }) => (
                <li key={account}>
                  <Person account={account} name={name} note={role === 'mod' ? 'Moderator' : 'Member'} />
                  {isOwner && (
                    <Button
                      className="button--small"
                      busy={busy === account}
                      aria-label={`Remove ${name ?? account} from the ${role === 'mod' ? 'moderators' : 'members'}`}
                      onClick={() => void run(account, { do: 'role', account, role: null })}
                    >
                      Remove
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
          <h3>Banned and timed out</h3>
          {state.bans.length === 0 ? (
            <p className="room-settings__hint">Nobody.</p>
          ) : (
            <ul className="room-settings__people">
              {state.bans.map(({ account, name, until }) => (
                <li key={account}>
                  <Person account={account} name={name} note={until === null ? 'Banned' : untilWords(until)} />
                  <Button
                    className="button--small"
                    busy={busy === account}
                    aria-label={`Let ${name ?? account} write again`}
                    onClick={() => void run(account, { do: 'unban', account })}
                  >
                    Take back
                  </Button>
                </li>
              ))}
            </ul>
          )}
          <RoomLists
            lists={state.lists}
            isOwner={isOwner}
            busy={busy === 'lists'}
            onChoose={(lists) => void run('lists', { do: 'lists', lists })}
          />
        </div>
      </div>
      {problem !== null && (
        <p role="alert" className="room-settings__problem">
          {problem}
        </p>
      )}
      <footer>
        <Button onClick={() => dialog.current?.close()}>Done</Button>
      </footer>
    </dialog>
  )
}

function Person({ account, name, note }: { account: string; name: string | null; note: string }) {
  return (
    <p title={account}>
      <strong>{name ?? `${account.slice(0, 6)}…${account.slice(-4)}`}</strong>
      <small>{note}</small>
    </p>
  )
}

/** A time of today, or a day. */
function untilWords(until: number): string {
  const isToday = new Date(until).toDateString() === new Date().toDateString()
  return `Timed out until ${isToday ? clockWords(until) : dayWords(until)}`
}
