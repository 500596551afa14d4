import { Download, Paperclip } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { MessageLine } from '@shared/community/message-views'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { byteWords } from '@/features/library/byte-words'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'

interface MessageFileProps {
  conversation: string
  message: string
  /** Place among the message's files. */
  at: number
  file: MessageLine['files'][number]
}

/** A file that came with a message: a picture is shown, everything can be saved. It is opened by main, never by the window. */
export function MessageFile({ conversation, message, at, file: { name, size, type } }: MessageFileProps) {
  const [picture, setPicture] = useState<string | null>(null)

  useEffect(() => {
    if (!type.startsWith('image/')) return
    let isStill = true
    studioClient()
      .attachments.picture({ conversation, message, at })
      .then(
        (found) => isStill && setPicture(found ?? null),
        () => undefined, // whoever has it is away: name and size are shown
      )
    return () => {
      isStill = false
    }
  }, [conversation, message, at, type])

  async function save(): Promise<void> {
    if (!(await studioClient().attachments.save({ conversation, message, at }))) return
    useToasts.getState().show('info', `${name} is saved.`)
  }

  return (
    <div className="message__file">
      {picture !== null && <img src={picture} alt={name} className="message__picture" />}
      <div className="message__file-row">
        <Paperclip size={15} aria-hidden="true" />
        <span className="message__file-name">{name}</span>
        <span className="tabular">{byteWords(size)}</span>
        <IconButton label={`Save ${name}`} align="end" onClick={() => void save().catch(tellProblem)}>
          <Download size={15} />
        </IconButton>
      </div>
    </div>
  )
}
