import type { PulledShow } from '@shared/live/pulled-show'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Player } from './Player'

interface PulledPlayerProps {
  url: string
  pulled: PulledShow
  visible: boolean
  onBack: () => void
}

const KINDS: Record<PulledShow['kind'], string> = { hls: 'HLS', flv: 'HTTP-FLV', rtmp: 'RTMP', file: 'Video file' }

/** The player with a video of somebody else in it. */
export function PulledPlayer({ url, pulled, visible, onBack }: PulledPlayerProps) {
  const { title, host, kind, durationMs, height, phase } = pulled
  const isOver = pulled.live && phase === 'ended'
  return (
    <Player
      title={title}
      subtitle={`${KINDS[kind]} from ${host}${height > 0 ? `, ${height}p` : ''}${isOver ? ' · This live has ended; it goes on by itself when it is back' : ''}`}
      source={{ kind: 'pulled', url, durationMs }}
      visible={visible}
      onBack={onBack}
      waitingText={phase === 'reconnecting' ? 'It broke off. Connecting again…' : 'Loading…'}
      captions={{
        offer: { tracks: pulled.captions, chosen: pulled.caption, choose: chooseCaptions },
        ...(durationMs !== null && { openFile: () => studioClient().watch.openCaptions() }),
      }}
      menu={pulled.qualities.length > 1 && <QualityMenu pulled={pulled} />}
    />
  )
}

function chooseCaptions(id: number | null): void {
  studioClient().watch.chooseCaptions(id).catch(tellProblem)
}

/** Automatic first, then best to smallest. */
function QualityMenu({ pulled: { qualities, quality, automatic } }: { pulled: PulledShow }) {
  const playing = qualities.find(({ id }) => id === quality)?.label ?? ''
  return (
    <select
      className="player__quality"
      aria-label="Quality"
      value={automatic ? '' : String(quality)}
      onChange={({ currentTarget: { value } }) => {
        void studioClient().watch.chooseQuality(value === '' ? null : Number(value))
      }}
    >
      <option value="">{automatic ? `Auto (${playing})` : 'Auto'}</option>
      {qualities.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  )
}
