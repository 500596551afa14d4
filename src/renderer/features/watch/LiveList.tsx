import type { LiveListing } from '@shared/live/live-listing'
import { Radio } from 'lucide-react'
import { usePage } from '@/app/page-store'
import { useNow } from '@/features/studio/use-now'
import { EmptyState } from '@/ui/EmptyState'
import { LinkField } from './LinkField'
import { LiveCard } from './LiveCard'
import { useWatch } from './watch-store'

/** The lives in reach; they come and go by themselves. */
export function LiveList() {
  const lives = useWatch((state) => state.lives)
  const open = useWatch((state) => state.open)
  const now = useNow(15_000)
  const go = usePage((state) => state.go)

  // Nobody needs the network to see herself: the studio has the picture before everyone else.
  const play = (live: LiveListing): void => {
    if (live.own) go('studio')
    else void open(live.url)
  }

  if (lives.length === 0) {
    return (
      <div className="lives lives--empty">
        <h1 className="visually-hidden">Watch</h1>
        <EmptyState
          icon={<Radio size={30} strokeWidth={1.5} />}
          title="No one is live nearby yet"
          actions={<LinkField />}
        >
          <p>Open WE Studio on another computer in this network and go live: it appears here by itself.</p>
          <p>
            Somebody farther away? Paste the we:// link they sent you. Addresses of videos and streams elsewhere play
            too: HLS, MP4, FLV and RTMP.
          </p>
        </EmptyState>
      </div>
    )
  }
  return (
    <div className="lives">
      <header className="lives__header">
        <h1>Live now</h1>
        <LinkField />
      </header>
      <ul className="lives__grid">
        {lives.map((live) => (
          <li key={live.url}>
            <LiveCard live={live} now={now} onOpen={play} />
          </li>
        ))}
      </ul>
    </div>
  )
}
