import { ChatPanel } from './ChatPanel'
import { useFullScreen } from './use-chat-pane'
import { useSupporters } from './use-supporters'
import { useWatchedChat } from './watch-chat-context'

/** The chat over the picture while it fills the screen. */
export function FloatingChat() {
  const { room, view, startedAt, isShown } = useWatchedChat()
  const supporters = useSupporters('watch')
  const isFull = useFullScreen()
  if (!isFull || !isShown || room === null || view === null) return null
  return (
    <div className="chat-float" data-theme="dark">
      <ChatPanel key={room} {...{ room, view, startedAt, supporters }} isFloating />
    </div>
  )
}
