import type { Reach } from '@shared/community/message-views'
import { ArrowLeft, CircleAlert, Lock } from 'lucide-react'
import { useEffect, useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { usePerson } from '@/features/channel/person-store'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { MessageComposer } from './MessageComposer'
import { chooseConversation } from './messages-store'

const ASK_AGAIN_MS = 3_000

type Known = { account: string; reach: Reach | null; problem: string | null }

function reachWords({ devices, isHere }: Reach, name: string): string {
  if (devices === 0) return `${name} cannot be written to yet: no computer of theirs is known.`
  return isHere
    ? `${name} is connected now.`
    : `${name} is not connected now: what you write waits, sealed, with other peers until they are back.`
}

/** Before the first text to somebody: whether it can reach them, and what happens with it. */
export function BeginningPane({ account }: { account: string }) {
  const { name, ownName, avatar } = usePerson(account)
  const [known, setKnown] = useState<Known | null>(null)
  const [round, setRound] = useState(0)
  const mine = known?.account === account ? known : null

  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const keep = (found: Omit<Known, 'account'>): void => {
      if (isOver) return
      setKnown({ account, ...found })
      // who is away may come while one looks
      if (found.reach?.isHere === false) timer = setTimeout(() => setRound((now) => now + 1), ASK_AGAIN_MS)
    }
    studioClient()
      .messages.reach(account)
      .then(
        (reach) => keep({ reach, problem: null }),
        (error: unknown) => keep({ reach: null, problem: describeProblem(error).message }),
      )
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [account, round])

  const isOut = mine !== null && (mine.problem !== null || mine.reach?.devices === 0)
  return (
    <section className="conversation-pane" aria-label={`New conversation with ${name}`}>
      <header className="conversation-header">
        <IconButton
          label="Back to the list"
          shortcut="Esc"
          side="bottom"
          className="conversation-header__back"
          onClick={() => chooseConversation(null)}
        >
          <ArrowLeft size={18} />
        </IconButton>
        <Avatar account={account} cid={avatar} name={ownName} size={38} />
        <div className="conversation-header__who">
          <h2>{name}</h2>
          <span className="conversation-header__sub">New conversation</span>
        </div>
      </header>
      <div className="beginning">
        <Avatar account={account} cid={avatar} name={ownName} size={84} />
        <p className="beginning__name">{name}</p>
        <p className="beginning__account selectable">{account}</p>
        <div className="beginning__reach" role="status">
          {mine === null ? (
            <>
              <span className="spinner" aria-hidden="true" /> Peers are asked for the newest keys
            </>
          ) : (
            <>
              {isOut && <CircleAlert size={16} aria-hidden="true" />}
              {mine.problem ?? (mine.reach === null ? '' : reachWords(mine.reach, name))}
            </>
          )}
        </div>
        {isOut && (
          <Button
            className="button--small"
            onClick={() => {
              setKnown(null)
              setRound(round + 1)
            }}
          >
            Ask again
          </Button>
        )}
        <p className="thread__begin">
          <Lock size={14} aria-hidden="true" />
          Only the two of you will be able to read it: no server, and no peer that keeps it meanwhile.
        </p>
      </div>
      <MessageComposer draftKey={account} view={null} to={name} onEscape={() => chooseConversation(null)} />
    </section>
  )
}
