import { Info, Maximize, Pause, PictureInPicture2, Play, Volume2, VolumeX } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '@/ui/IconButton'
import { CaptionMenu } from './captions/CaptionMenu'
import type { CaptionView } from './captions/use-captions'
import type { PlayerAction } from './player-key'
import { QualityMenu } from './QualityMenu'
import type { PlaybackView } from './use-playback'
import { useWatch } from './watch-store'

interface PlayerControlsProps {
  view: PlaybackView
  volume: number
  muted: boolean
  statsShown: boolean
  captions: CaptionView
  act: (action: PlayerAction) => void
  /** More controls, before the last ones. */
  menu?: ReactNode
}

/** One thin row of controls over the bottom of the picture. */
export function PlayerControls({ view, volume, muted, statsShown, captions, act, menu }: PlayerControlsProps) {
  const setVolume = useWatch((state) => state.setVolume)
  const { atEdge } = view
  const level = muted ? 0 : Math.round(volume * 100)
  return (
    <div className="player__controls" role="group" aria-label="Player">
      <IconButton
        label={view.paused ? 'Play' : 'Pause'}
        shortcut="space"
        variant="glass"
        onClick={() => act('toggle-play')}
      >
        {view.paused ? <Play size={18} fill="currentColor" /> : <Pause size={18} fill="currentColor" />}
      </IconButton>
      {view.file === null && (
        <button
          type="button"
          className="player__edge"
          data-at-edge={atEdge}
          aria-label={atEdge ? 'Live' : 'Back to live'}
          onClick={() => act('edge')}
        >
          LIVE
        </button>
      )}
      <div className="player__volume">
        <IconButton label={muted ? 'Unmute' : 'Mute'} shortcut="m" variant="glass" onClick={() => act('toggle-mute')}>
          {level === 0 ? <VolumeX size={18} /> : <Volume2 size={18} />}
        </IconButton>
        <input
          type="range"
          aria-label="Volume"
          min={0}
          max={100}
          value={level}
          style={{ '--fill': `${level}%` }}
          onChange={(event) => setVolume(Number(event.currentTarget.value) / 100)}
        />
      </div>
      <span className="player__gap" />
      {menu ?? <QualityMenu />}
      <CaptionMenu captions={captions} />
      {(view.file === null || view.figures !== null) && (
        <IconButton
          label="Figures"
          shortcut="s"
          variant="glass"
          aria-pressed={statsShown}
          onClick={() => act('toggle-stats')}
        >
          <Info size={18} />
        </IconButton>
      )}
      <IconButton label="Picture in picture" shortcut="i" variant="glass" onClick={() => act('toggle-pip')}>
        <PictureInPicture2 size={18} />
      </IconButton>
      <IconButton label="Full screen" shortcut="f" variant="glass" align="end" onClick={() => act('toggle-fullscreen')}>
        <Maximize size={18} />
      </IconButton>
    </div>
  )
}
