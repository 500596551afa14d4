import type { ItemCard } from '@shared/community/index-cards'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { removeLater } from '@/app/undo-later'
import { useToasts } from '@/ui/toast-store'
import { followSubject, refreshChannel, useChannelData } from './channel-data'

/** Follows or not, shown at once; what is refused is taken back and said. */
export function setFollowing(on: boolean, name: string): void {
  const data = useChannelData.getState()
  const subject = followSubject(data)
  const by = on ? 1 : -1
  useChannelData.setState({
    follows: on,
    person: data.person && { ...data.person, followers: Math.max(0, data.person.followers + by) },
  })
  studioClient()
    .acts.follow({ subject, on })
    .then(
      () => {
        if (on) return
        const run = (): void => setFollowing(true, name)
        useToasts.getState().show('info', `You no longer follow ${name}.`, {
          detail: 'New things of theirs do not come to your Home page.',
          action: 'Undo',
          run,
        })
      },
      (error: unknown) => {
        refreshChannel()
        tellProblem(error)
      },
    )
}

/** Takes a block back. */
export function unblock(account: string): void {
  studioClient()
    .safety.block({ subject: `acct:${account}`, on: false })
    .then(refreshChannel, tellProblem)
}

/** Takes an item out of the list at once, and back out of the world when nobody has pressed Undo meanwhile. */
export function removeItem({ id, body }: ItemCard): void {
  const words = { said: `“${body.title}” is deleted.`, detail: 'Copies that others keep are not shown any more.' }
  removeLater(id, words, () => studioClient().acts.withdraw(id))
}
