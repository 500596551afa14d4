import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { IconButton } from '@/ui/IconButton'
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
}

/** How far the arrows move, seconds. */
const SEEK_SECONDS = 5

/** The player: the picture as large as the window allows, controls that step back while one watches. */
export function Player({ title, subtitle, source, onBack, visible, menu, overlay, waitingText }: PlayerProps) {
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
      case 'toggle-captions': {
        const track = element.textTracks[0]
        if (track) track.mode = track.mode === 'showing' ? 'hidden' : 'showing'
        break
      }
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
        aria-label={source.kind === 'live' ? 'Live video' : 'Video'}
        playsInline
        onClick={() => act('toggle-play')}
        onDoubleClick={() => act('toggle-fullscreen')}
        onVolumeChange={(event) => {
          if (event.currentTarget.muted !== muted) setMuted(event.currentTarget.muted)
        }}
      >
        {source.kind === 'file' &&
          source.captions?.map(({ url, label, language }) => (
            <track key={url} kind="captions" src={url} label={label} srcLang={language} />
          ))}
      </video>
      {view.broken && (
        <div className="player__waiting" role="alert">
          <p>This video cannot be played. It may be gone, or of a kind that no player here knows.</p>
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
      {overlay}
      <header className="player__header">
        <IconButton label="Back to lives" variant="glass" side="bottom" onClick={onBack}>
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
      <PlayerControls view={view} volume={volume} muted={muted} statsShown={statsShown} act={act} menu={menu} />
    </div>
  )
}
