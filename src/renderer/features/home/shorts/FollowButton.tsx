import { Check, Plus } from 'lucide-react'
import { usePerson } from '@/features/channel/person-store'
import { Button } from '@/ui/Button'
import { turnUndoable, useActMark, useActs, useOwnActs } from '../act-store'

/** Follows a person; of oneself there is nothing. */
export function FollowButton({ account }: { account: string }) {
  const subject = `acct:${account}`
  const { follow } = useOwnActs(subject)
  const mark = useActMark('follow', subject)
  const isOwn = useActs((state) => state.me === account)
  const { name } = usePerson(account)
  if (isOwn) return null
  const turn = (): void => {
    const said = follow ? `You no longer follow ${name}.` : `You follow ${name}.`
    void turnUndoable('follow', subject, !follow, said, follow ? '' : 'What they publish comes to Following.')
  }
  return (
    <Button
      variant="glass"
      className="follow"
      aria-pressed={follow}
      aria-label={follow ? `Following ${name}` : `Follow ${name}`}
      icon={follow ? <Check size={15} /> : <Plus size={15} />}
      onClick={turn}
    >
      {follow ? 'Following' : 'Follow'}
      {mark === 'failed' && <span className="visually-hidden">Could not be kept. Press again.</span>}
    </Button>
  )
}
