import { ArrowUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { useNow } from '@/features/studio/use-now'
import { LiveCard } from '@/features/watch/LiveCard'
import { useWatch } from '@/features/watch/watch-store'
import { usePage } from '@/app/page-store'
import { Button } from '@/ui/Button'
import { followActs } from './act-store'
import { HomeEmpty } from './HomeEmpty'
import { HomeHeader } from './HomeHeader'
import { followHome, useHome } from './home-store'
import { useItems } from './item-store'
import { ShortsPlayer } from './shorts/ShortsPlayer'
import { TunePanel } from './TunePanel'
import { useVideo } from './video-store'
import { VideoCard } from './VideoCard'
import './home.css'

const SKELETONS = Array.from({ length: 8 }, (_, at) => at)

function Skeletons() {
  return (
    <div className="home__grid" role="status" aria-label="Loading">
      {SKELETONS.map((at) => (
        <span key={at} className="skeleton" aria-hidden="true">
          <span className="skeleton__cover" />
          <span className="skeleton__line" />
          <span className="skeleton__line skeleton__line--short" />
        </span>
      ))}
    </div>
  )
}

/** Lives in reach that have not been announced in a record. */
function NearbyLives({ now, known }: { now: number; known: ReadonlySet<string> }) {
  const lives = useWatch((state) => state.lives)
  const { open } = useWatch.getState()
  const go = usePage((state) => state.go)
  return lives
    .filter(({ url }) => !known.has(url))
    .map((live) => (
      <li key={live.url}>
        <LiveCard
          live={live}
          now={now}
          onOpen={() => {
            go(live.own ? 'studio' : 'watch')
            if (!live.own) void open(live.url)
          }}
        />
      </li>
    ))
}

function Grid() {
  const { tab, ids, whys, next, loading, more } = useHome()
  const items = useItems((state) => state.items)
  const lives = useWatch((state) => state.lives.length)
  const now = useNow(30_000)
  const end = useRef<HTMLDivElement>(null)
  const shown = ids.filter((id) => items[id] != null)

  useEffect(() => {
    const mark = end.current
    if (mark === null || next === null) return
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) void more()
      },
      { root: mark.closest('.home__scroll'), rootMargin: '600px' },
    )
    seen.observe(mark)
    return () => seen.disconnect()
  }, [next, more, ids.length])

  if (shown.length === 0 && loading) return <Skeletons />
  if (shown.length === 0 && !(tab === 'lives' && lives > 0)) return <HomeEmpty />
  const topics = new Set(
    shown.flatMap((id) => {
      const card = items[id]
      return card?.kind === 'live' ? [`we://${card.body.topic}`] : []
    }),
  )
  return (
    <>
      <ul className="home__grid">
        {tab === 'lives' && <NearbyLives now={now} known={topics} />}
        {shown.map((id) => (
          <li key={id}>
            <VideoCard id={id} now={now} why={tab === 'forYou' ? whys[id] : undefined} />
          </li>
        ))}
      </ul>
      <div ref={end} className="home__end" role="status">
        {next === null ? 'That is all for now.' : <span className="spinner" aria-label="Loading more" />}
      </div>
    </>
  )
}

/** Videos and lives: recommended, of the followed, popular, new, live; and the player over them. */
export function HomePage({ visible }: { visible: boolean }) {
  const [seen, setSeen] = useState(visible)
  const [tuning, setTuning] = useState(false)
  const fresh = useHome((state) => state.fresh.length)
  const tab = useHome((state) => state.tab)
  const isPlaying = useVideo((state) => state.playing !== null)
  const scroll = useRef<HTMLDivElement>(null)
  if (visible && !seen) setSeen(true)

  useEffect(() => followActs(studioClient()), [])
  useEffect(() => (seen ? followHome(studioClient()) : undefined), [seen])
  useEffect(() => scroll.current?.scrollTo({ top: 0 }), [tab])

  const showFresh = (): void => {
    useHome.getState().showFresh()
    scroll.current?.scrollTo({ top: 0, behavior: 'smooth' })
  }

  return (
    <div className="home">
      <div className="home__list" inert={isPlaying}>
        <HomeHeader tuning={tuning} onTune={() => setTuning(!tuning)} />
        {tab === 'forYou' && tuning && <TunePanel />}
        <div className="home__body">
          {fresh > 0 && (
            <Button className="home__fresh" icon={<ArrowUp size={15} />} onClick={showFresh}>
              {fresh} new
            </Button>
          )}
          <div ref={scroll} className="home__scroll">
            <Grid />
          </div>
        </div>
      </div>
      {isPlaying && <ShortsPlayer visible={visible} />}
    </div>
  )
}
