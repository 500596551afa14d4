import type { ConversationView } from '@shared/community/message-views'
import {
  ArrowLeft,
  Ban,
  CircleUserRound,
  Flag,
  LogOut,
  Pencil,
  RefreshCw,
  Search,
  ShieldAlert,
  ShieldCheck,
  Trash2,
  Users,
} from 'lucide-react'
import { openChannel } from '@/features/channel/channel-store'
import { blockAccount, reportSubject, showAgain } from '@/features/safety/safety-actions'
import { IconButton } from '@/ui/IconButton'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { ActionMenu, type MenuAction } from '@/ui/ActionMenu'
import { ConversationAvatar } from './ConversationAvatar'
import { otherOf, titleOf } from './message-words'
import { chooseConversation, refreshMessages } from './messages-store'
import type { Safety } from './use-safety'

export type HeaderTask = 'safety' | 'people' | 'rename' | 'leave' | 'remove' | 'find'

interface ConversationHeaderProps {
  view: ConversationView
  safety: Safety
  onTask: (task: HeaderTask) => void
}

function subtitleOf(view: ConversationView, safety: Safety): string {
  if (!view.isActive) return 'Ended: you can read what was said'
  const sealed = 'end-to-end encrypted'
  if (view.kind === 'group') return `${view.people.length} people, ${sealed}`
  if (safety === 'changed') return 'Safety number has changed'
  return safety === 'verified' ? 'Verified, end-to-end encrypted' : 'End-to-end encrypted'
}

async function setBlocked(account: string, isBlocked: boolean): Promise<void> {
  await (isBlocked ? blockAccount(account) : showAgain('block', `acct:${account}`))
  await refreshMessages()
}

function actionsOf(view: ConversationView, onTask: (task: HeaderTask) => void): MenuAction[] {
  const other = otherOf(view)
  const isWaiting = view.last?.isMine === true && view.last.state !== 'read' && view.last.state !== 'arrived'
  const when = (isWanted: boolean, ...actions: MenuAction[]): MenuAction[] => (isWanted ? actions : [])
  const task = (name: HeaderTask) => () => onTask(name)
  return [
    ...(other === null
      ? [{ label: 'People', icon: <Users size={16} />, run: task('people') }]
      : [
          { label: 'Open channel', icon: <CircleUserRound size={16} />, run: () => openChannel(other.account) },
          { label: 'Safety number', icon: <ShieldCheck size={16} />, run: task('safety') },
        ]),
    ...when(view.kind === 'group' && view.isOwner && view.isActive, {
      label: 'Rename',
      icon: <Pencil size={16} />,
      run: task('rename'),
    }),
    ...when(isWaiting && view.isActive, {
      label: 'Try to send now',
      icon: <RefreshCw size={16} />,
      run: () => void studioClient().messages.retry({ conversation: view.id }).catch(tellProblem),
    }),
    ...when(view.kind === 'group' && view.isActive, {
      label: 'Leave',
      icon: <LogOut size={16} />,
      run: task('leave'),
      grave: true,
    }),
    ...(other === null
      ? []
      : [
          {
            label: other.isBlocked ? 'Unblock' : 'Block',
            icon: <Ban size={16} />,
            run: () => void setBlocked(other.account, !other.isBlocked),
            grave: true,
          },
          {
            label: 'Report',
            icon: <Flag size={16} />,
            run: () => reportSubject(`acct:${other.account}`),
            grave: true,
          },
        ]),
    { label: 'Delete here', icon: <Trash2 size={16} />, run: task('remove'), grave: true },
  ]
}

/** Who one talks to, and what can be done about it. */
export function ConversationHeader({ view, safety, onTask }: ConversationHeaderProps) {
  const other = otherOf(view)
  const details = (): void => onTask(other === null ? 'people' : 'safety')
  return (
    <header className="conversation-header">
      <IconButton
        label="Back to the list"
        shortcut="Esc"
        side="bottom"
        className="conversation-header__back"
        onClick={() => chooseConversation(null)}
      >
        <ArrowLeft size={18} />
      </IconButton>
      <ConversationAvatar view={view} size={38} />
      <button type="button" className="conversation-header__who" onClick={details}>
        <h2>{titleOf(view)}</h2>
        <span className="conversation-header__sub" data-safety={safety}>
          {safety === 'verified' && <ShieldCheck size={13} aria-hidden="true" />}
          {safety === 'changed' && <ShieldAlert size={13} aria-hidden="true" />}
          {subtitleOf(view, safety)}
        </span>
      </button>
      <IconButton
        label="Search in this conversation"
        shortcut="Ctrl+F"
        side="bottom"
        align="end"
        onClick={() => onTask('find')}
      >
        <Search size={18} />
      </IconButton>
      <ActionMenu label="More" actions={actionsOf(view, onTask)} />
    </header>
  )
}
