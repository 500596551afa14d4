import type { SoundLevel } from '@shared/media/scene-state'
import { meterLevel } from '../stats-format'

/** How loud something is: a bar for the mean, a mark for the peak. */
export function LevelMeter({ label, level }: { label: string; level: SoundLevel }) {
  const mean = meterLevel(level.rmsDb)
  const peak = meterLevel(level.peakDb)
  return (
    <div
      className="level-meter"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(peak * 100)}
      aria-valuetext={level.peakDb <= -60 ? 'silent' : `${Math.round(level.peakDb)} decibels`}
    >
      <span className="level-meter__mean" style={{ '--level': mean }} />
      <span className="level-meter__peak" style={{ '--level': peak }} data-hot={level.peakDb > -3 || undefined} />
    </div>
  )
}
