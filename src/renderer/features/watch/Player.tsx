import { ArrowLeft } from 'lucide-react'
import type { CaptionCue } from '@shared/captions/caption-cue'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { IconButton } from '@/ui/IconButton'
import { CaptionText } from './captions/CaptionText'
import { useCaptions, type CaptionOptions } from './captions/use-captions'
import { PlayerControls } from './PlayerControls'
import type { PlayerAction } from './player-key'
import { usePlayerKeys } from './use-player-keys'
import { useIdle } from './use-idle'
import { SeekBar } from './SeekBar'
import { usePlayback, type PlayerSource } from './use-playback'
import { useWatch } from './watch-store'
import { WatchStatsPanel } from './WatchStatsPanel'

interface PlayerProps {
  title: string
  subtitle: string
  source: PlayerSource
  onBack: () => void
  /** The page is in front. */
  visible: boolean
  /** More controls. */
  menu?: ReactNode
  /** Lies on the picture, under the controls. */
  overlay?: ReactNode
  /** What to say while the picture stands still and nothing comes. */
  waitingText?: string
  /** Captions that there are for it; absent: none. */
  captions?: CaptionOptions
  /** Names for screen readers and tooltips, where it is not a live of the Watch page. */
  backLabel?: string
  videoLabel?: string
  brokenText?: string
}

/** How far the arrows move, seconds. */
const SEEK_SECONDS = 5
const NO_CAPTIONS: CaptionOptions = {}
const NO_CUES: readonly CaptionCue[] = []
const BROKEN = 'This video cannot be played. It may be gone, or of a kind that no player here knows.'

/** The player: the picture as large as the window allows, controls that step back while one watches. */
export function Player(props: PlayerProps) {
  const { title, subtitle, source, onBack, visible, menu, overlay, waitingText } = props
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const view = usePlayback(video, still, source, visible)
  const { playback } = view
  const volume = useWatch((state) => state.volume)
  const muted = useWatch((state) => state.muted)
  const { stepVolume, setMuted } = useWatch.getState()
  const [statsShown, setStatsShown] = useState(false)
  const idle = useIdle(frame)
  const captions = useCaptions(props.captions ?? NO_CAPTIONS)
  const { cues: ownCues } = captions
  const cues = useCallback(() => ownCues ?? playback?.cues ?? NO_CUES, [ownCues, playback])
  const positionMs = useCallback(() => {
    const own = playback?.positionMs
    return own === undefined ? (video.current?.currentTime ?? 0) * 1000 : own
  }, [playback])

  useEffect(() => {
    if (video.current === null) return
    video.current.volume = volume
    video.current.muted = muted
    playback?.setVolume(muted ? 0 : volume)
  }, [volume, muted, playback])

  const act = (action: PlayerAction): void => {
    const element = video.current
    if (element === null) return
    switch (action) {
      case 'toggle-play':
        if (element.paused) playback?.toEdge()
        else element.pause()
        break
      case 'toggle-mute':
        setMuted(!muted)
        break
      case 'toggle-fullscreen':
        void (document.fullscreenElement === null ? frame.current?.requestFullscreen() : document.exitFullscreen())
        break
      case 'toggle-pip':
        void (document.pictureInPictureElement === null
          ? element.requestPictureInPicture().catch(() => undefined)
          : document.exitPictureInPicture())
        break
      case 'toggle-captions':
        captions.toggle()
        break
      case 'toggle-stats':
        setStatsShown(!statsShown)
        break
      case 'volume-up':
      case 'volume-down':
        stepVolume(action === 'volume-up' ? 0.05 : -0.05)
        break
      case 'back':
      case 'forward':
        playback?.seek(action === 'back' ? -SEEK_SECONDS : SEEK_SECONDS)
        break
      case 'edge':
        playback?.toEdge()
        break
    }
  }
  usePlayerKeys(visible, act)

  const resting = idle && !view.paused && view.started
  return (
    <div ref={frame} className="player" data-resting={resting}>
      <canvas ref={still} className="player__still" aria-hidden="true" />
      <video
        ref={video}
        className="player__video"
        aria-label={props.videoLabel ?? (source.kind === 'live' ? 'Live video' : 'Video')}
        {...(source.kind === 'file' && { crossOrigin: 'anonymous' as const })}
        playsInline
        onClick={() => act('toggle-play')}
        onDoubleClick={() => act('toggle-fullscreen')}
        onVolumeChange={(event) => {
          if (event.currentTarget.muted !== muted) setMuted(event.currentTarget.muted)
        }}
      />
      {view.broken && (
        <div className="player__waiting" role="alert">
          <p>{props.brokenText ?? BROKEN}</p>
        </div>
      )}
      {!view.broken && (view.waiting || !view.started) && !(view.paused && view.started) && (
        <div className="player__waiting" role="status">
          <span className="spinner spinner--large" aria-hidden="true" />
          <p>
            {!view.started
              ? 'Waiting for the first picture…'
              : (waitingText ?? (source.kind === 'live' ? 'Waiting for the broadcaster…' : 'Loading…'))}
          </p>
        </div>
      )}
      {captions.chosen !== null && <CaptionText cues={cues} positionMs={positionMs} />}
      {overlay}
      <header className="player__header">
        <IconButton label={props.backLabel ?? 'Back to lives'} variant="glass" side="bottom" onClick={onBack}>
          <ArrowLeft size={18} />
        </IconButton>
        <div className="player__show">
          <h1>{title}</h1>
          <p>{subtitle}</p>
        </div>
      </header>
      {statsShown && <WatchStatsPanel figures={view.figures} onClose={() => setStatsShown(false)} />}
      {view.file && (
        <SeekBar
          file={view.file}
          onSeek={(position) => {
            if (playback?.seekTo) playback.seekTo(position)
            else if (video.current) video.current.currentTime = position
          }}
          {...(source.kind === 'file' && {
            onSpeed: (rate: number) => {
              if (video.current) video.current.playbackRate = rate
            },
          })}
        />
      )}
      <PlayerControls {...{ view, volume, muted, statsShown, captions, act, menu }} />
    </div>
  )
}
