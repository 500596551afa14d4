import { Lock, MessageCirclePlus, MessagesSquare, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { usePage } from '@/app/page-store'
import { openSheet, useWallet } from '@/features/wallet/wallet-store'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { BeginningPane } from './BeginningPane'
import { ConversationList } from './ConversationList'
import { ConversationPane } from './ConversationPane'
import { DeliveryDialog } from './DeliveryDialog'
import { MessagesAnnouncer } from './MessagesAnnouncer'
import { useMessages, viewOf } from './messages-store'
import { NewConversationDialog } from './NewConversationDialog'
import './messages.css'
import './thread.css'
import './messages-dialog.css'

/** Who has no account yet, or whose messages cannot be opened. */
function NotReady() {
  const state = useMessages((page) => page.state)
  const problem = useMessages((page) => page.problem) ?? state?.problem?.message ?? null
  const hasAccount = useWallet(({ wallet }) => (wallet?.accounts.length ?? 0) > 0)
  const go = usePage((page) => page.go)
  if (state === null && problem === null) {
    return (
      <div className="messages__busy" role="status">
        <span className="spinner spinner--large" aria-hidden="true" />
        Your messages are opened
      </div>
    )
  }
  if (!hasAccount) {
    return (
      <EmptyState
        icon={<MessagesSquare size={30} strokeWidth={1.5} />}
        title="Private messages need an account"
        actions={
          <Button variant="accent" onClick={() => openSheet('create')}>
            Make account
          </Button>
        }
      >
        <p>A name and a passphrase: no phone number, no server. Then people can write to you, and you to them.</p>
        <p>Messages are end-to-end encrypted. They go from computer to computer, and only you two can read them.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<TriangleAlert size={30} strokeWidth={1.5} />}
      title="Your messages cannot be opened now"
      actions={<Button onClick={() => go('wallet')}>Go to the wallet</Button>}
    >
      <p>{problem ?? 'This computer does not speak for your account yet. Open the account in the wallet.'}</p>
    </EmptyState>
  )
}

/** Beside a list in which nothing is chosen. */
function NothingChosen({ isEmpty, onNew }: { isEmpty: boolean; onNew: () => void }) {
  return (
    <div className="messages__nothing">
      <EmptyState
        icon={<Lock size={30} strokeWidth={1.5} />}
        title={isEmpty ? 'Write to somebody' : 'Choose a conversation'}
        actions={
          <Button icon={<MessageCirclePlus size={16} />} onClick={onNew}>
            New conversation
          </Button>
        }
      >
        <p>Messages are end-to-end encrypted: they are sealed on your computer and opened on theirs.</p>
        <p>If somebody is away, other peers keep your message, sealed, until they are back.</p>
        <p>Each pair of people has a safety number: compare it to be sure that nobody sits between you.</p>
      </EmptyState>
    </div>
  )
}

/** Private messages: whom one talks to, and what is said. */
export function MessagesPage({ visible }: { visible: boolean }) {
  const state = useMessages((page) => page.state)
  const open = useMessages((page) => page.open)
  const beginning = useMessages((page) => page.beginning)
  const [dialog, setDialog] = useState<'new' | 'delivery' | null>(null)
  const filterField = useRef<HTMLInputElement>(null)
  const isReady = state?.ready === true

  useEffect(() => {
    if (!visible || !isReady) return
    function onKeyDown(event: KeyboardEvent): void {
      if (!(event.ctrlKey || event.metaKey) || document.querySelector('dialog[open]') !== null) return
      if (event.key === 'n') setDialog('new')
      else if (event.key === 'f') filterField.current?.focus()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [visible, isReady])

  if (!isReady) {
    return (
      <section className="messages messages--empty" aria-label="Messages">
        <NotReady />
      </section>
    )
  }
  const view = viewOf(state, open)
  const startNew = (): void => setDialog('new')
  const close = (): void => setDialog(null)
  const isEmpty = state.conversations.length === 0 && state.requests.length === 0
  return (
    <section
      className="messages"
      aria-label="Messages"
      data-step={view !== null || beginning !== null ? 'talk' : 'list'}
      data-empty={isEmpty}
    >
      <ConversationList filterField={filterField} onNew={startNew} onDelivery={() => setDialog('delivery')} />
      {view !== null && <ConversationPane key={view.id} view={view} visible={visible} />}
      {view === null && beginning !== null && <BeginningPane key={beginning} account={beginning} />}
      {view === null && beginning === null && <NothingChosen isEmpty={isEmpty} onNew={startNew} />}
      {dialog === 'new' && <NewConversationDialog onClose={close} />}
      {dialog === 'delivery' && <DeliveryDialog state={state} onClose={close} />}
      <MessagesAnnouncer />
    </section>
  )
}
