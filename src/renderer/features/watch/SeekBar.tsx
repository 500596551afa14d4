import { playerTime } from './player-time'
import { SPEEDS } from './play-speed'
import type { FilePosition } from './use-playback'

interface SeekBarProps {
  file: FilePosition
  /** To this place, seconds. */
  onSeek: (position: number) => void
  /** Absent: it has one speed. */
  onSpeed?: (rate: number) => void
}

/** Where a finished video is, and how fast it goes. */
export function SeekBar({ file: { position, duration, buffered, rate }, onSeek, onSpeed }: SeekBarProps) {
  const part = (seconds: number): string => `${duration > 0 ? Math.min(100, (seconds / duration) * 100) : 0}%`
  return (
    <div className="player__seek">
      <input
        type="range"
        aria-label="Position"
        aria-valuetext={`${playerTime(position)} of ${playerTime(duration)}`}
        min={0}
        max={duration || 1}
        step={0.1}
        value={Math.min(position, duration || 1)}
        style={{ '--fill': part(position), '--loaded': part(buffered) }}
        onChange={(event) => onSeek(Number(event.currentTarget.value))}
      />
      <span className="tabular" data-stat="position">
        {playerTime(position)} / {playerTime(duration)}
      </span>
      {onSpeed && (
        <select aria-label="Speed" value={rate} onChange={(event) => onSpeed(Number(event.currentTarget.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed} ×
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
