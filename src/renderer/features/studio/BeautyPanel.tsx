import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { RotateCcw } from 'lucide-react'
import { Button } from '@/ui/Button'
import { Segmented } from '@/ui/Segmented'
import { Slider } from '@/ui/Slider'
import { Toggle } from '@/ui/Toggle'
import { PRESETS, presetOf } from './beauty-presets'
import { useStudio } from './studio-store'

const SLIDERS = [
  { key: 'smooth', label: 'Smoothing' },
  { key: 'whiten', label: 'Whitening' },
  { key: 'thin', label: 'Face thinning' },
  { key: 'eyes', label: 'Eyes' },
] as const

/** How many faces are being followed, in words. */
function FaceNote() {
  const faces = useStudio((state) => state.stats?.media.faces)
  if (faces === undefined) return null
  if (faces === 0) return 'No face in view'
  return faces === 1 ? 'Following one face' : `Following ${faces} faces`
}

/** Beautify: on or off, a preset and the four strengths. */
export function BeautyPanel() {
  const beauty = useStudio((state) => state.beauty)
  const { changeBeauty } = useStudio.getState()

  const choosePreset = (name: string): void => {
    const preset = PRESETS.find(({ value }) => value === name)
    if (preset !== undefined) changeBeauty(preset.change)
  }

  return (
    <section className="panel-section" aria-label="Beautify settings">
      <div>
        <Toggle label="Beautify" checked={beauty.enabled} onChange={(enabled) => changeBeauty({ enabled })} />
        <div className="panel-section__line">
          <span className="panel-section__note">
            <FaceNote />
          </span>
          <Button
            variant="quiet"
            className="button--small"
            icon={<RotateCcw size={13} />}
            onClick={() => changeBeauty({ ...DEFAULT_BEAUTY, enabled: beauty.enabled })}
          >
            Reset
          </Button>
        </div>
      </div>
      <Segmented label="Preset" segments={PRESETS} value={presetOf(beauty)} onChange={choosePreset} />
      <div className="panel-section__sliders">
        {SLIDERS.map(({ key, label }) => (
          <Slider
            key={key}
            label={label}
            value={Math.round(beauty[key] * 100)}
            resetTo={Math.round(DEFAULT_BEAUTY[key] * 100)}
            disabled={!beauty.enabled}
            onChange={(value) => changeBeauty({ [key]: value / 100 })}
          />
        ))}
      </div>
    </section>
  )
}
