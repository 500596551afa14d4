import type { ItemCard } from '@shared/community/index-cards'
import { liveUrlOfTopic } from '@shared/community/live-topic'
import { usePage } from '@/app/page-store'
import { openVideo } from '@/features/home/video-store'
import { useWatch } from '@/features/watch/watch-store'
import { useToasts } from '@/ui/toast-store'

/** Opens a video or a live to be watched. Of a live that is over its recording, where one was published. */
export function openItem(card: ItemCard): void {
  if (card.kind === 'video') {
    openVideo(card.id)
    return
  }
  const { status, topic, recording } = card.body
  const url = liveUrlOfTopic(topic)
  if (status === 'live' && url !== null) {
    void useWatch.getState().open(url)
    usePage.getState().go('watch')
  } else if (recording !== undefined) openVideo(recording)
  else useToasts.getState().show('info', status === 'planned' ? 'This live has not begun yet.' : 'This live is over.')
}
