import { MessageSquareText } from 'lucide-react'
import { IconButton } from '@/ui/IconButton'
import { useWatchedChat } from './watch-chat-context'

/** Shows and hides the chat of the watched live; counts what came while it was hidden. */
export function ChatToggle() {
  const { view, isShown, setShown } = useWatchedChat()
  const unseen = isShown ? 0 : (view?.unseen ?? 0)
  const label = isShown ? 'Hide the chat' : unseen > 0 ? `Show the chat, ${unseen} new` : 'Show the chat'
  return (
    <span className="chat-toggle">
      <IconButton label={label} variant="glass" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
        <MessageSquareText size={18} />
      </IconButton>
      {unseen > 0 && (
        <span className="chat-toggle__count" aria-hidden="true">
          {unseen > 99 ? '99+' : unseen}
        </span>
      )}
    </span>
  )
}
