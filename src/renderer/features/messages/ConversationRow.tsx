import type { ConversationView } from '@shared/community/message-views'
import { classNames } from '@/ui/class-names'
import { ConversationAvatar } from './ConversationAvatar'
import { DeliveryMark } from './DeliveryMark'
import { deliveryWords, lineWords, listTimeWords, nameIn, titleOf } from './message-words'
import { chooseConversation, useMessages } from './messages-store'
import { useToday } from './use-today'

function LastLine({ view }: { view: ConversationView }) {
  const draft = useMessages(({ drafts, open }) => (open === view.id ? '' : (drafts[view.id]?.text.trim() ?? '')))
  const { last } = view
  if (draft !== '') {
    return (
      <>
        <span className="conversation__draft">Draft: </span>
        {draft}
      </>
    )
  }
  if (last === null) return <>{view.isOwner ? 'You began this conversation' : 'Nothing said yet'}</>
  const who = last.isMine ? 'You: ' : view.kind === 'group' ? `${nameIn(view, last.sender).split(' ')[0] ?? ''}: ` : ''
  return (
    <>
      {who !== '' && <span className="conversation__who">{who}</span>}
      {lineWords(last)}
    </>
  )
}

/** A conversation in the list. `isStop`: in the order of Tab; the arrow keys go to the others. */
export function ConversationRow({ view, isStop }: { view: ConversationView; isStop: boolean }) {
  const isOpen = useMessages(({ open }) => open === view.id)
  const { last, unread } = view
  const today = useToday()
  return (
    <li>
      <button
        type="button"
        className={classNames('conversation', isOpen && 'conversation--open')}
        aria-current={isOpen ? 'true' : undefined}
        tabIndex={isStop ? 0 : -1}
        onClick={() => chooseConversation(view.id)}
      >
        <ConversationAvatar view={view} size={46} />
        <span className="conversation__words">
          <span className="conversation__title">{titleOf(view)}</span>
          <span className="conversation__last">
            <LastLine view={view} />
          </span>
        </span>
        <span className="conversation__side">
          <span className="conversation__time tabular">
            {last?.isMine === true && <DeliveryMark state={last.state} words={deliveryWords(last, view)} />}
            {listTimeWords(last?.at ?? view.updated, today)}
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
