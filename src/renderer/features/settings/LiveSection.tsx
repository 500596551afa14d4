import { QUALITIES, Quality, type EncodeSettings } from '@shared/media/encode-settings'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Segmented } from '@/ui/Segmented'
import { useSettings } from './settings-store'

const SEGMENTS = Quality.options.map((value) => ({ value, label: QUALITIES[value].label }))

const ENCODERS = [
  { value: 'auto', label: 'Automatic' },
  { value: 'software', label: 'Software' },
] as const

function change(encode: EncodeSettings): void {
  useSettings.getState().remember({ encode })
  studioClient().encode.set(encode).catch(tellProblem)
}

/** How lives are encoded; a change counts at once, also in a running live. */
export function LiveSection() {
  const encode = useSettings((state) => state.settings.encode)
  const megabits = (QUALITIES[encode.quality].kbps / 1000).toFixed(1)
  return (
    <section aria-labelledby="settings-live">
      <h2 id="settings-live">Live</h2>
      <div className="settings__card">
        <div className="settings__choice">
          <span>
            Quality
            <span className="settings__hint">Up to {megabits} Mbps, less on a slow network</span>
          </span>
          <div className="settings__theme">
            <Segmented
              label="Quality"
              segments={SEGMENTS}
              value={encode.quality}
              onChange={(quality) => change({ ...encode, quality })}
            />
          </div>
        </div>
        <div className="settings__choice">
          <span>
            Encoder
            <span className="settings__hint">Automatic tries the graphics chip first</span>
          </span>
          <div className="settings__theme">
            <Segmented
              label="Encoder"
              segments={ENCODERS}
              value={encode.encoder}
              onChange={(encoder) => change({ ...encode, encoder })}
            />
          </div>
        </div>
      </div>
    </section>
  )
}
