import type { MessageLine } from '@shared/community/message-views'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { usePage } from '@/app/page-store'
import { useToasts } from '@/ui/toast-store'
import { lineWords } from './message-words'
import { chooseConversation, refreshMessages, useMessages } from './messages-store'
import { wantsNotices } from './notice-choice'
import { noteUnseen } from './thread-store'

const SHOWN_CHARACTERS = 120

interface Heard {
  readonly conversation: string
  readonly line: MessageLine
  readonly name: string
}

async function show(conversation: string): Promise<void> {
  await refreshMessages()
  usePage.getState().go('messages')
  chooseConversation(conversation)
}

/** The system's own notice, while another program is in front. One for each conversation: the newest. */
function notify({ conversation, line, name }: Heard): void {
  const notice = new Notification(name, { body: lineWords(line).slice(0, SHOWN_CHARACTERS), tag: conversation })
  notice.onclick = () => {
    window.focus()
    void show(conversation)
  }
}

/** Tells of a text that came while the person looks elsewhere. */
function tell(heard: Heard): void {
  const isInFront = usePage.getState().page === 'messages'
  if (isInFront && document.hasFocus() && useMessages.getState().open === heard.conversation) return
  noteUnseen(heard.conversation, heard.line.id)
  if (!wantsNotices()) return
  if (!document.hasFocus()) notify(heard)
  if (!isInFront) {
    useToasts.getState().show('info', `Message from ${heard.name}`, {
      detail: lineWords(heard.line).slice(0, SHOWN_CHARACTERS),
      action: 'Read',
      run: () => void show(heard.conversation),
    })
  }
}

/** Follows what comes, once. */
export function startMessageNotices(client: StudioClient): void {
  client.messages.texts(tell)
}
