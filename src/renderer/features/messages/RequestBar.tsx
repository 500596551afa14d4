import type { ConversationView } from '@shared/community/message-views'
import { useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { personWords } from './message-words'
import { chooseConversation, refreshMessages } from './messages-store'

/** Whether a stranger may write. */
export function RequestBar({ view }: { view: ConversationView }) {
  const [isBusy, setBusy] = useState(false)
  const { messages } = studioClient()
  const owner = view.people.find(({ isOwner }) => isOwner)
  const name = owner === undefined ? 'Somebody' : personWords(owner)
  const conversation = view.id

  function run(work: Promise<void>, stays: boolean): void {
    setBusy(true)
    work
      .then(refreshMessages)
      .then(() => chooseConversation(stays ? conversation : null))
      .catch(tellProblem)
      .finally(() => setBusy(false))
  }

  return (
    <div className="request-bar" role="group" aria-label="Request">
      <p>
        <strong>
          {view.kind === 'group' ? `${name} added you to this group.` : `${name} would like to write to you.`}
        </strong>{' '}
        You have not written to them before. They do not see whether you have read this, until you accept.
      </p>
      <div className="request-bar__buttons">
        <Button busy={isBusy} onClick={() => run(messages.accept({ conversation }), true)}>
          Accept
        </Button>
        <Button variant="quiet" disabled={isBusy} onClick={() => run(messages.refuse({ conversation }), false)}>
          Delete
        </Button>
        <Button
          variant="quiet"
          disabled={isBusy}
          onClick={() => run(messages.refuse({ conversation, block: true }), false)}
        >
          Block {name}
        </Button>
      </div>
    </div>
  )
}
