import { useEffect, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { lineWords } from './message-words'
import { useMessages } from './messages-store'

/** Says what comes into the conversation in front to people who do not see it. */
export function MessagesAnnouncer() {
  const [words, setWords] = useState('')
  useEffect(
    () =>
      studioClient().messages.texts(({ conversation, line, name }) => {
        if (useMessages.getState().open === conversation) setWords(`${name}: ${lineWords(line)}`)
      }),
    [],
  )
  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  )
}
