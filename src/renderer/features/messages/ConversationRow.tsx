import { classNames } from '@/ui/class-names'
import { ConversationAvatar } from './ConversationAvatar'
import { DeliveryMark } from './DeliveryMark'
import { deliveryOf, deliveryWords, lineWords, listTimeWords, othersOf, titleOf, type NameOf } from './message-words'
import type { ConversationCard } from './messages-port'
import { chooseConversation, useMessages } from './messages-store'

function LastLine({ card, me, nameOf }: { card: ConversationCard; me: string | null; nameOf: NameOf }) {
  const draft = useMessages(({ drafts }) => drafts[card.id]?.text.trim() ?? '')
  const isOpen = useMessages(({ open }) => open === card.id)
  const { last } = card
  if (draft !== '' && !isOpen) {
    return (
      <>
        <span className="conversation__draft">Draft: </span>
        {draft}
      </>
    )
  }
  if (last === null) return <>{card.isOwner ? 'You began this conversation' : 'Nothing said yet'}</>
  const who = last.isMine ? 'You: ' : card.kind === 'group' ? `${nameOf(last.sender.account)}: ` : ''
  return (
    <>
      {who !== '' && <span className="conversation__who">{who}</span>}
      {lineWords(last)}
    </>
  )
}

interface ConversationRowProps {
  card: ConversationCard
  me: string | null
  nameOf: NameOf
  /** In the order of Tab; the arrow keys go to the others. */
  isStop: boolean
}

/** A conversation in the list. */
export function ConversationRow({ card, me, nameOf, isStop }: ConversationRowProps) {
  const isOpen = useMessages(({ open }) => open === card.id)
  const { last, unread } = card
  const others = othersOf(card, me)
  return (
    <li>
      <button
        type="button"
        className={classNames('conversation', isOpen && 'conversation--open')}
        aria-current={isOpen ? 'true' : undefined}
        tabIndex={isStop ? 0 : -1}
        onClick={() => chooseConversation(card.id)}
      >
        <ConversationAvatar card={card} me={me} size={46} />
        <span className="conversation__words">
          <span className="conversation__title">{titleOf(card, me, nameOf)}</span>
          <span className="conversation__last">
            <LastLine {...{ card, me, nameOf }} />
          </span>
        </span>
        <span className="conversation__side">
          <span className="conversation__time tabular">
            {last?.isMine === true && (
              <DeliveryMark
                state={deliveryOf(last, others, card.readMarks).state}
                words={deliveryWords(last, others, card.readMarks, nameOf)}
              />
            )}
            {listTimeWords(last?.at ?? card.updated, Date.now())}
          </span>
          {unread > 0 && (
            <span className="conversation__unread tabular">
              {unread > 99 ? '99+' : unread}
              <span className="visually-hidden"> unread</span>
            </span>
          )}
        </span>
      </button>
    </li>
  )
}
