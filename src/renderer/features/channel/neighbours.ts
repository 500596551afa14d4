import type { ItemCard } from '@shared/community/index-cards'
import { liveUrlOfTopic } from '@shared/community/live-topic'
import { studioClient } from '@/app/studio-client'
import { usePage } from '@/app/page-store'
import { tellProblem } from '@/app/tell-problem'
import { useLibrary } from '@/features/library/library-store'
import { useWatch } from '@/features/watch/watch-store'
import { useToasts } from '@/ui/toast-store'

/** Ways from a channel to other pages. */

/** Opens a video or a live to be watched. */
export function openItem(card: ItemCard): void {
  const { go } = usePage.getState()
  if (card.kind === 'live') {
    const url = liveUrlOfTopic(card.body.topic)
    if (card.body.status !== 'live' || url === null) {
      useToasts.getState().show('info', 'This live is over.')
      return
    }
    void useWatch.getState().open(url)
    go('watch')
    return
  }
  const [variant] = card.body.variants
  if (variant === undefined) return
  void useLibrary.getState().play(variant.cid, card.body.title)
  go('library')
}

/** Passes on a channel, person, video or live. */
export function share(subject: string, title: string): void {
  studioClient()
    .app.copyText(subject)
    .then(() => useToasts.getState().show('info', `The address of ${title} is copied.`), tellProblem)
}

/** Tells the owner of a room or channel, or whoever keeps order, that something is wrong. */
export function report(_subject: string, _account: string, name: string): void {
  useToasts.getState().show('info', `Reports are not open yet. You can block ${name} from the same menu.`)
}
