import type { MessagesState } from '@shared/community/message-views'
import { useId } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { byteWords } from '@/features/library/byte-words'
import { Toggle } from '@/ui/Toggle'
import { MessagesDialog } from './MessagesDialog'
import { refreshMessages } from './messages-store'
import { setNotices, useNotices } from './notice-choice'

const CHOICES = [0, 20, 50, 200, 1_000]

function neighbourWords(neighbours: number): string {
  if (neighbours === 0) {
    return 'No other peer is connected now. What you write waits on this computer until one is there.'
  }
  const peers = neighbours === 1 ? '1 connected peer' : `${neighbours} connected peers`
  return `${peers} could keep your messages, sealed, for people who are away.`
}

/** How messages travel, what this computer does for others, and whether the person is told of new ones. */
export function DeliveryDialog({ state, onClose }: { state: MessagesState; onClose: () => void }) {
  const { megabytes, usedBytes } = state.keeping
  const notices = useNotices()
  const id = useId()
  const choices = CHOICES.includes(megabytes) ? CHOICES : [...CHOICES, megabytes].sort((a, b) => a - b)
  return (
    <MessagesDialog title="Delivery and notices" onClose={onClose}>
      <div className="messages-dialog__text">
        <Toggle label="Tell me of new messages" checked={notices} onChange={setNotices} />
        <p>In the app while another page is in front, by the system while another program is.</p>
      </div>
      <div className="messages-dialog__text">
        <h3>While somebody is away</h3>
        <p>{neighbourWords(state.neighbours)}</p>
      </div>
      <div className="field">
        <label htmlFor={id}>Keep sealed messages for others</label>
        <select
          id={id}
          value={megabytes}
          onChange={({ currentTarget }) => {
            studioClient()
              .messages.setKeeping({ megabytes: Number(currentTarget.value) })
              .then(refreshMessages)
              .catch(tellProblem)
          }}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 0 ? 'None' : `Up to ${choice} MB`}
            </option>
          ))}
        </select>
      </div>
      <p className="messages-dialog__hint">
        {byteWords(usedBytes)} are kept now. Nobody but who they are for can open them, you neither.
      </p>
    </MessagesDialog>
  )
}
