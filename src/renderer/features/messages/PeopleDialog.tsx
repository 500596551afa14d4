import type { ConversationView, MessagePerson } from '@shared/community/message-views'
import { UserRoundMinus, UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { describeProblem, studioClient } from '@/app/studio-client'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { nameIn, personWords } from './message-words'
import { MessagesDialog } from './MessagesDialog'
import { PersonAvatar } from './PersonAvatar'
import { PersonPicker, type Picked } from './PersonPicker'
import { refreshMessages } from './messages-store'

function tagOf({ isMe, isOwner, isBlocked }: MessagePerson): string {
  return [isMe && 'you', isOwner && 'owner', isBlocked && 'blocked by you'].filter(Boolean).join(', ')
}

/** Who is in a group. Its owner changes that; others ask the owner to. */
export function PeopleDialog({ view, onClose }: { view: ConversationView; onClose: () => void }) {
  const [isAdding, setAdding] = useState(false)
  const [chosen, setChosen] = useState<readonly Picked[]>([])
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const { messages } = studioClient()
  const conversation = view.id
  const owner = view.people.find(({ isOwner }) => isOwner)
  const ownerName = owner === undefined ? 'its owner' : personWords(owner)

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await work()
      await refreshMessages()
    } catch (error) {
      setProblem(describeProblem(error).message)
    }
    setBusy(false)
  }

  const said = (): void => {
    if (!view.isOwner) useToasts.getState().show('info', `${ownerName} is asked.`)
  }

  const add = (): Promise<void> =>
    run(async () => {
      await messages.addPeople({ conversation, accounts: chosen.map(({ account }) => account) })
      setAdding(false)
      setChosen([])
      said()
    })

  return (
    <MessagesDialog title={`People (${view.people.length})`} onClose={onClose}>
      <p className="messages-dialog__hint">
        {view.isOwner
          ? 'You own this group: only you can change who is in it. Who is taken out reads nothing that is said afterwards.'
          : `Only ${ownerName}, who owns this group, can change who is in it. What you ask for here goes to ${ownerName}.`}
      </p>
      {problem !== null && (
        <p className="messages-problem" role="alert">
          {problem}
        </p>
      )}
      {view.isOwner && view.wishes.length > 0 && (
        <ul className="people-wishes" aria-label="What you are asked for">
          {view.wishes.map(({ wish, by, kind, account }) => (
            <li key={wish}>
              <span>
                {nameIn(view, by)} asks you to{' '}
                {by === account ? 'let them go' : `${kind === 'add' ? 'add' : 'take out'} ${nameIn(view, account)}`}
              </span>
              <Button
                className="button--small"
                disabled={isBusy}
                onClick={() => void run(() => messages.settle({ conversation, wish, agree: true }))}
              >
                Do it
              </Button>
              <Button
                className="button--small"
                variant="quiet"
                disabled={isBusy}
                onClick={() => void run(() => messages.settle({ conversation, wish, agree: false }))}
              >
                No
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ul className="people-list" aria-label="People in this group">
        {view.people.map((person) => (
          <li key={person.account}>
            <PersonAvatar person={person} size={36} />
            <span className="people-list__name">
              {personWords(person)}
              <span>{tagOf(person)}</span>
            </span>
            {view.isActive && !person.isMe && !person.isOwner && (
              <IconButton
                label={`${view.isOwner ? 'Take out' : 'Ask to take out'} ${personWords(person)}`}
                align="end"
                disabled={isBusy}
                onClick={() =>
                  void run(async () => {
                    await messages.removePerson({ conversation, account: person.account })
                    said()
                  })
                }
              >
                <UserRoundMinus size={16} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {view.isActive && isAdding && (
        <PersonPicker
          label="Whom to add"
          chosen={chosen}
          suggested={[]}
          without={view.people.map(({ account }) => account)}
          onChange={setChosen}
        />
      )}
      {view.isActive && (
        <div className="messages-dialog__actions">
          {isAdding ? (
            <>
              <Button variant="quiet" onClick={() => setAdding(false)}>
                Cancel
              </Button>
              <Button busy={isBusy} disabled={chosen.length === 0} onClick={() => void add()}>
                {view.isOwner ? 'Add' : `Ask ${ownerName}`}
              </Button>
            </>
          ) : (
            <Button icon={<UserRoundPlus size={16} />} onClick={() => setAdding(true)}>
              {view.isOwner ? 'Add people' : 'Ask for people'}
            </Button>
          )}
        </div>
      )}
    </MessagesDialog>
  )
}
