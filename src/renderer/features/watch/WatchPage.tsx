import { CircleStop, Unplug } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { GiftButton } from '@/features/gifts/GiftButton'
import { useGiftDrawer, WatchGifts } from '@/features/gifts/WatchGifts'
import { ChatToggle } from '@/features/rooms/ChatToggle'
import { FloatingChat } from '@/features/rooms/FloatingChat'
import { WatchChat } from '@/features/rooms/WatchChat'
import { Button } from '@/ui/Button'
import { LiveList } from './LiveList'
import { PlayerMessage } from './PlayerMessage'
import { QualityMenu } from './QualityMenu'
import { ShareButton } from './ShareButton'
import { useWatch } from './watch-store'
import './watch.css'

/** The player brings hls.js along, which the start of the window need not wait for. */
const Player = lazy(() => import('./Player').then((module) => ({ default: module.Player })))

/** The same player, fed by the engine that fetches videos of others. */
const PulledPlayer = lazy(() => import('./PulledPlayer').then((module) => ({ default: module.PulledPlayer })))

/** What is live, and the one that is being watched. */
export function WatchPage({ visible }: { visible: boolean }) {
  const watch = useWatch((state) => state.watch)
  const lives = useWatch((state) => state.lives)
  const { open, close } = useWatch.getState()
  const back = (): void => void close()
  const [gifts, toggleGifts] = useGiftDrawer(visible && watch.state === 'playing')

  if (watch.state === 'idle') return <LiveList />
  if (watch.state === 'playing') {
    return (
      <Suspense fallback={<PlayerMessage busy title="Opening…" onBack={back} />}>
        <WatchChat show={watch.show} visible={visible}>
          <Player
            key={watch.playlistUrl}
            title={watch.show.title}
            subtitle={watch.show.category}
            source={{ kind: 'live', playlistUrl: watch.playlistUrl }}
            menu={
              <>
                <ChatToggle />
                <GiftButton open={gifts} onToggle={toggleGifts} />
                <ShareButton url={watch.show.url} title={watch.show.title} />
                <QualityMenu />
              </>
            }
            overlay={
              <>
                <FloatingChat />
                <WatchGifts open={gifts} onToggle={toggleGifts} />
              </>
            }
            visible={visible}
            onBack={back}
          />
        </WatchChat>
      </Suspense>
    )
  }
  if (watch.state === 'pulled') {
    return (
      <Suspense fallback={<PlayerMessage busy title="Opening…" onBack={back} />}>
        <PulledPlayer key={watch.url} url={watch.url} pulled={watch.pulled} visible={visible} onBack={back} />
      </Suspense>
    )
  }
  if (watch.state === 'connecting') {
    const title = lives.find((live) => live.url === watch.url)?.title
    const unknown = watch.url.startsWith('we:') ? 'Looking for this live…' : 'Opening the video…'
    return <PlayerMessage busy title={title === undefined ? unknown : `Opening ${title}…`} onBack={back} />
  }
  if (watch.state === 'ended') {
    return (
      <PlayerMessage
        icon={<CircleStop size={32} strokeWidth={1.5} />}
        title={watch.awaited ? 'The broadcaster is gone for now' : 'This live has ended'}
        text={watch.awaited ? `${watch.message} When they are live again, it opens here by itself.` : watch.message}
        waiting={watch.awaited}
        onBack={back}
      />
    )
  }
  return (
    <PlayerMessage
      problem
      icon={<Unplug size={32} strokeWidth={1.5} />}
      title="This could not be played"
      text={watch.message}
      onBack={back}
      actions={
        <Button variant="glass" onClick={() => void open(watch.url)}>
          Try again
        </Button>
      }
    />
  )
}
