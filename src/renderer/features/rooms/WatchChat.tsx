import type { LiveListing } from '@shared/live/live-listing'
import { PanelRightClose } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { listenToWatched } from '@/features/gifts/gift-store'
import { IconButton } from '@/ui/IconButton'
import { useChatPane } from './chat-pane-store'
import { ChatPanel } from './ChatPanel'
import { NoRoom } from './NoRoom'
import { ResizeHandle } from './ResizeHandle'
import { useChatShown, useFullScreen } from './use-chat-pane'
import { useLiveRoom } from './use-live-room'
import { useRoom } from './use-room'
import { useSupporters } from './use-supporters'
import { WatchedChatContext } from './watch-chat-context'
import './rooms.css'

/** The watched live (`children`) with its chat beside it; in a narrow window the chat waits behind its button. */
export function WatchChat({ show, visible, children }: { show: LiveListing; visible: boolean; children: ReactNode }) {
  const live = useLiveRoom(show.url)
  const room = live.state === 'known' ? live.room : null
  const [isShown, setShown] = useChatShown()
  const isFull = useFullScreen()
  const width = useChatPane((pane) => pane.width)
  const supporters = useSupporters('watch')
  const view = useRoom(room, visible && isShown, listenToWatched)
  const { startedAt } = show
  const chat = useMemo(() => ({ room, view, startedAt, isShown, setShown }), [room, view, startedAt, isShown, setShown])
  const close = (
    <IconButton label="Hide the chat" side="bottom" align="end" onClick={() => setShown(false)}>
      <PanelRightClose size={17} />
    </IconButton>
  )
  return (
    <WatchedChatContext value={chat}>
      <div className="chat-beside">
        <div className="chat-beside__picture">{children}</div>
        {isShown && !isFull && (
          <aside className="chat-beside__chat" aria-label="Chat of this live" style={{ '--chat-width': `${width}px` }}>
            <ResizeHandle />
            {room !== null && view !== null ? (
              <ChatPanel key={room} {...{ room, view, startedAt, supporters }} head={close} />
            ) : (
              <div className="chat chat--empty">
                <header className="chat__head">
                  <h2>Chat</h2>
                  {close}
                </header>
                {live.state === 'known' && room === null && (
                  <NoRoom title="No chat in this live">
                    Its creator is live without an account, so nobody could keep order in a chat.
                  </NoRoom>
                )}
              </div>
            )}
          </aside>
        )}
      </div>
    </WatchedChatContext>
  )
}
