import { Volume2, VolumeX } from 'lucide-react'
import { meterLevel } from './stats-format'
import { useStudio } from './studio-store'

/** The loudest sound of the last second. */
export function SoundMeter() {
  const silent = useStudio((state) => state.source.state === 'open' && !state.source.info.hasAudio)
  const peakDb = useStudio((state) => state.stats?.media.audioPeakDb ?? -100)
  const level = silent ? 0 : meterLevel(peakDb)
  return (
    <div className="sound" title={silent ? 'This source has no sound' : `${Math.round(peakDb)} dB`}>
      {silent ? <VolumeX size={16} /> : <Volume2 size={16} />}
      <div
        className="sound__meter"
        role="meter"
        aria-label="Sound"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(level * 100)}
        aria-valuetext={silent ? 'no sound' : `${Math.round(peakDb)} decibels`}
      >
        <span className="sound__level" style={{ '--level': level }} />
      </div>
    </div>
  )
}
