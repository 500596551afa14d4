import type { ConversationView } from '@shared/community/message-views'
import { ShieldAlert } from 'lucide-react'
import { useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { TextPrompt } from '@/ui/TextPrompt'
import { ConfirmDialog } from './ConfirmDialog'
import { ConversationHeader, type HeaderTask } from './ConversationHeader'
import { FindPanel } from './FindPanel'
import { otherOf, titleOf } from './message-words'
import { MessageComposer } from './MessageComposer'
import { chooseConversation, refreshMessages } from './messages-store'
import { MessageThread } from './MessageThread'
import { PeopleDialog } from './PeopleDialog'
import { RequestBar } from './RequestBar'
import { SafetyNumberDialog } from './SafetyNumberDialog'
import { useSafety } from './use-safety'

interface TaskProps {
  view: ConversationView
  task: HeaderTask
  onDone: () => void
}

/** What the menu has asked for, over the page. */
function Task({ view, task, onDone }: TaskProps) {
  const { messages } = studioClient()
  const conversation = view.id
  const other = otherOf(view)
  const run = (work: Promise<unknown>): void => void work.then(refreshMessages).catch(tellProblem)
  switch (task) {
    case 'people':
      return <PeopleDialog view={view} onClose={onDone} />
    case 'safety':
      return other === null ? null : <SafetyNumberDialog person={other} onClose={onDone} />
    case 'rename':
      return (
        <TextPrompt
          title="Rename the group"
          label="Title"
          initial={view.title}
          accept="Rename"
          maxLength={100}
          problemOf={(text) => (text === '' ? 'Enter a title.' : null)}
          onAccept={(title) => {
            onDone()
            run(messages.rename({ conversation, title }))
          }}
          onCancel={onDone}
        />
      )
    case 'leave':
      return (
        <ConfirmDialog
          title={view.isOwner ? 'End this group?' : 'Leave this group?'}
          accept={view.isOwner ? 'End it for all' : 'Leave'}
          onAccept={() => run(messages.leave({ conversation }))}
          onClose={onDone}
        >
          <p>
            {view.isOwner
              ? 'You own it: it ends for everybody. All can still read what was said.'
              : 'You can still read what was said. To come back you have to be added again.'}
          </p>
        </ConfirmDialog>
      )
    case 'remove':
      return (
        <ConfirmDialog
          title={`Delete the conversation with ${titleOf(view)}?`}
          accept="Delete"
          onAccept={() => run(messages.refuse({ conversation }))}
          onClose={onDone}
        >
          <p>It is put away on this computer for good; nobody is told. The others keep theirs.</p>
        </ConfirmDialog>
      )
    case 'find':
      return null
  }
}

/** A conversation: who, what was said, and where one writes. */
export function ConversationPane({ view, visible }: { view: ConversationView; visible: boolean }) {
  const [task, setTask] = useState<HeaderTask | null>(null)
  const other = otherOf(view)
  const safety = useSafety(other?.account)
  const done = (): void => setTask(null)

  return (
    <section
      className="conversation-pane"
      aria-label={`Conversation with ${titleOf(view)}`}
      onKeyDown={(event) => {
        if ((event.target as Element).closest('dialog') !== null) return // its keys are its own
        if (event.key === 'Escape') chooseConversation(null)
        if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        event.stopPropagation()
        setTask('find')
      }}
    >
      <ConversationHeader view={view} safety={safety} onTask={setTask} />
      {task === 'find' && <FindPanel conversation={view.id} onClose={done} />}
      {safety === 'changed' && (
        <div className="conversation-note" role="alert">
          <ShieldAlert size={18} aria-hidden="true" />
          <p>
            The safety number is another one than you have compared: a new computer, or somebody between you. Compare it
            before you say anything that matters.
          </p>
          <Button className="button--small" onClick={() => setTask('safety')}>
            Compare
          </Button>
        </div>
      )}
      {view.isOwner && view.wishes.length > 0 && (
        <div className="conversation-note" role="status">
          <p>
            {view.wishes.length === 1 ? 'Somebody asks' : `${view.wishes.length} times somebody asks`} you to change who
            is in this group.
          </p>
          <Button className="button--small" onClick={() => setTask('people')}>
            Look
          </Button>
        </div>
      )}
      <MessageThread view={view} visible={visible} />
      {!view.isActive ? (
        <p className="conversation-pane__ended">You are no longer in this conversation. What was said stays here.</p>
      ) : view.isRequest ? (
        <RequestBar view={view} />
      ) : (
        <MessageComposer
          key={view.id}
          draftKey={view.id}
          view={view}
          to={titleOf(view)}
          onEscape={() => chooseConversation(null)}
        />
      )}
      {task !== null && <Task view={view} task={task} onDone={done} />}
    </section>
  )
}
