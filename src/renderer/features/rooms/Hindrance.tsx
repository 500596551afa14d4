import type { RoomHindrance, RoomState } from '@shared/community/room-state'
import { Lock, UserRoundPlus } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { waitWords } from './chat-time'
import { useSecondsLeft } from './use-seconds-left'

/** In place of the field: why one cannot write, and the way to it. Reading goes on. */
export function Hindrance({ state, hindrance }: { state: RoomState; hindrance: RoomHindrance }) {
  const { code, message, until } = hindrance
  const left = useSecondsLeft(until)
  return (
    <div className="chat-hindrance" role="note">
      {code === 'no-account' ? <UserRoundPlus size={16} aria-hidden="true" /> : <Lock size={16} aria-hidden="true" />}
      <p>
        {message} {until !== null && left > 0 && <span className="tabular">Another {waitWords(left)}.</span>}
      </p>
      {code === 'no-account' && (
        <Button variant="accent" onClick={() => void studioClient().gifts.makeAccount().catch(tellProblem)}>
          Make an account
        </Button>
      )}
      {code === 'followers' && state.owner !== null && (
        <Button
          variant="accent"
          onClick={() =>
            void studioClient()
              .acts.follow({ subject: `acct:${state.owner ?? ''}`, on: true })
              .catch(tellProblem)
          }
        >
          Follow {state.ownerName ?? 'the creator'}
        </Button>
      )}
    </div>
  )
}
