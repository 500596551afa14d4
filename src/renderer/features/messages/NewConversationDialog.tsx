import type { ConversationView } from '@shared/community/message-views'
import { useId, useState, type SubmitEvent } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { othersOf } from './message-words'
import { MessagesDialog } from './MessagesDialog'
import { chooseConversation, openConversation, refreshMessages, useMessages } from './messages-store'
import { PersonPicker, type Picked } from './PersonPicker'

const NONE: readonly ConversationView[] = []

/** People of the conversations that are there, most recently used first. */
function knownPeople(conversations: readonly ConversationView[]): Picked[] {
  const people = new Map(conversations.flatMap(othersOf).map((person) => [person.account, person]))
  return [...people.values()].filter(({ isBlocked }) => !isBlocked)
}

/** With one person a private conversation, with several a group. */
export function NewConversationDialog({ onClose }: { onClose: () => void }) {
  const conversations = useMessages(({ state }) => state?.conversations ?? NONE)
  const [chosen, setChosen] = useState<readonly Picked[]>([])
  const [title, setTitle] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()
  const me = conversations.flatMap(({ people }) => people).find(({ isMe }) => isMe)?.account
  const isGroup = chosen.length > 1

  async function start(): Promise<void> {
    const [first] = chosen
    if (first === undefined) return
    if (!isGroup) {
      onClose()
      openConversation(first.account)
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      const accounts = chosen.map(({ account }) => account)
      const conversation = await studioClient().messages.start({ accounts, title: title.trim() })
      await refreshMessages()
      onClose()
      chooseConversation(conversation)
    } catch (error) {
      setBusy(false)
      setProblem(describeProblem(error).message)
    }
  }

  return (
    <MessagesDialog title="New conversation" onClose={onClose}>
      <form
        className="messages-dialog__form"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault()
          void start()
        }}
      >
        <PersonPicker
          label="With whom"
          chosen={chosen}
          suggested={knownPeople(conversations)}
          without={me === undefined ? [] : [me]}
          onChange={setChosen}
        />
        {isGroup && (
          <div className="field">
            <label htmlFor={id}>Title of the group (may be empty)</label>
            <input
              id={id}
              type="text"
              maxLength={100}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
          </div>
        )}
        {problem !== null && (
          <p className="messages-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="messages-dialog__actions">
          <p className="messages-dialog__hint">
            {isGroup
              ? 'You will own the group: only you can change who is in it.'
              : 'Choose several people for a group.'}
          </p>
          <Button type="submit" busy={isBusy} disabled={chosen.length === 0}>
            {isGroup ? 'Make the group' : 'Write'}
          </Button>
        </div>
      </form>
    </MessagesDialog>
  )
}
