import { ArrowLeft, ChevronDown, ChevronUp, Maximize, SearchX, Volume2, VolumeX } from 'lucide-react'
import { useCallback, useEffect, useRef, useState, type PointerEvent } from 'react'
import { useWatch } from '@/features/watch/watch-store'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { IconButton } from '@/ui/IconButton'
import { useActs } from '../act-store'
import { CommentsDrawer } from '../comments/CommentsDrawer'
import { useItem } from '../item-store'
import { useVideo } from '../video-store'
import { turnLike } from './ActionColumn'
import { Short } from './Short'
import { shortsAction, type ShortsAction } from './shorts-key'
import { swipeStep, WheelSteps } from './step-gesture'
import { seekTo } from './video-element'
import './shorts.css'

const PLACES = [-1, 0, 1] as const
const SKIP_S = 5

function toggleFullscreen(): void {
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen()
  else void document.exitFullscreen()
}

/** Touch and pen: the picture follows the finger. Returns handlers and how far it is off, pixels. */
function useSwipe(step: (by: 1 | -1) => void) {
  const [moved, setMoved] = useState(0)
  const start = useRef<{ y: number; at: number; height: number } | null>(null)
  return {
    moved,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.pointerType === 'mouse') return
        start.current = { y: event.clientY, at: event.timeStamp, height: event.currentTarget.clientHeight }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (start.current !== null) setMoved(event.clientY - start.current.y)
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const begun = start.current
        start.current = null
        setMoved(0)
        if (begun === null) return
        const by = swipeStep(event.clientY - begun.y, event.timeStamp - begun.at, begun.height)
        if (by !== 0) step(by)
      },
      onPointerCancel: () => {
        start.current = null
        setMoved(0)
      },
    },
  }
}

/** One video after another, full size; the ones before and after it are ready. */
export function ShortsPlayer({ visible }: { visible: boolean }) {
  const playing = useVideo((state) => state.playing)!
  const problem = useVideo((state) => state.problem)
  const comments = useVideo((state) => state.comments)
  const muted = useWatch((state) => state.muted)
  const [held, setHeld] = useState<string | null>(null)
  const [video, setVideo] = useState<HTMLVideoElement | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const { step, close, showComments } = useVideo.getState()
  const { ids, at, whys } = playing
  const id = ids[at] ?? null
  const card = useItem(id ?? '')
  const isHeld = held !== null && held === id
  const swipe = useSwipe(step)
  const toggle = useCallback(() => setHeld((before) => (before === id ? null : id)), [id])

  useEffect(() => root.current?.focus(), [])

  useEffect(() => {
    const target = root.current
    if (target === null) return
    const wheel = new WheelSteps()
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || (event.target as HTMLElement).closest('.comments, .short__text') !== null) return
      event.preventDefault()
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1
      const by = wheel.wheel(event.deltaY * lines, event.timeStamp)
      if (by !== 0) step(by)
    }
    target.addEventListener('wheel', onWheel, { passive: false })
    return () => target.removeEventListener('wheel', onWheel)
  }, [step])

  const skip = (seconds: number): void => {
    if (video !== null) seekTo(video, video.currentTime + seconds)
  }
  const acts: Record<ShortsAction, () => void> = {
    next: () => step(1),
    previous: () => step(-1),
    play: toggle,
    like: () => {
      if (id !== null) turnLike(id, useActs.getState().own[id]?.like !== true)
    },
    mute: () => useWatch.getState().setMuted(!useWatch.getState().muted),
    comments: () => showComments(!useVideo.getState().comments),
    fullscreen: toggleFullscreen,
    back: () => skip(-SKIP_S),
    forward: () => skip(SKIP_S),
  }
  const act = (action: ShortsAction): void => acts[action]()
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })

  useEffect(() => {
    if (!visible) return
    const onKeyDown = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]') !== null) return
      if (event.key === 'Escape' && !event.defaultPrevented) {
        if (useVideo.getState().comments) showComments(false)
        else close()
        return
      }
      const action = shortsAction(event)
      if (action === null) return
      event.preventDefault()
      if (!event.repeat || action === 'next' || action === 'previous') latest.current(action)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [visible, close, showComments])

  return (
    <section ref={root} tabIndex={-1} className="shorts" aria-label="Player" data-comments={comments || undefined}>
      <div className="shorts__stage" {...swipe.handlers}>
        <div
          className="shorts__track"
          style={{ '--moved': `${swipe.moved}px` }}
          data-dragged={swipe.moved !== 0 || undefined}
        >
          {problem === null &&
            PLACES.map((place) => {
              const one = ids[at + place]
              return one === undefined ? null : (
                <Short
                  key={one}
                  id={one}
                  place={place}
                  playing={visible && !isHeld}
                  why={whys[one]}
                  onToggle={toggle}
                  onVideo={setVideo}
                />
              )
            })}
        </div>
        {problem !== null && (
          <div className="shorts__problem">
            <EmptyState
              icon={<SearchX size={30} strokeWidth={1.5} />}
              title="There is no video to show"
              actions={
                <Button variant="glass" onClick={close}>
                  Back
                </Button>
              }
            >
              <p>{problem}</p>
            </EmptyState>
          </div>
        )}
        {problem === null && ids.length === 0 && (
          <span className="spinner spinner--large shorts__busy" role="status" aria-label="Looking for videos" />
        )}
        <div className="shorts__bar">
          <IconButton label="Back" shortcut="Esc" variant="glass" side="bottom" onClick={close}>
            <ArrowLeft size={18} />
          </IconButton>
          <span className="home__space" />
          <IconButton
            label={muted ? 'Sound on' : 'Mute'}
            shortcut="M"
            variant="glass"
            side="bottom"
            align="end"
            onClick={() => act('mute')}
          >
            {muted ? <VolumeX size={18} /> : <Volume2 size={18} />}
          </IconButton>
          <IconButton
            label="Full screen"
            shortcut="F"
            variant="glass"
            side="bottom"
            align="end"
            onClick={() => act('fullscreen')}
          >
            <Maximize size={18} />
          </IconButton>
        </div>
        <div className="shorts__steps">
          <IconButton label="Previous video" shortcut="↑" variant="glass" disabled={at === 0} onClick={() => step(-1)}>
            <ChevronUp size={20} />
          </IconButton>
          <IconButton
            label="Next video"
            shortcut="↓"
            variant="glass"
            disabled={at >= ids.length - 1}
            onClick={() => step(1)}
          >
            <ChevronDown size={20} />
          </IconButton>
        </div>
        <p className="visually-hidden" role="status">
          {card === null ? '' : card.body.title}
        </p>
      </div>
      {comments && id !== null && problem === null && <CommentsDrawer key={id} subject={id} />}
    </section>
  )
}
