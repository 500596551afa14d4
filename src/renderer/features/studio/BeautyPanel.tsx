import { BEAUTY_GROUPS, DEFAULT_BEAUTY, type BeautyGroup } from '@shared/media/beauty-settings'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/ui/Button'
import { Segmented } from '@/ui/Segmented'
import { Toggle } from '@/ui/Toggle'
import { PRESETS, presetOf } from './beauty-presets'
import { BeautySliders } from './BeautySliders'
import { OwnPresets } from './OwnPresets'
import { useStudio } from './studio-store'

const GROUPS = BEAUTY_GROUPS.filter(({ id }) => id !== 'makeup').map(({ id, label }) => ({ value: id, label }))

/** How many faces are being followed, in words. */
function FaceNote() {
  const faces = useStudio((state) => state.stats?.media.faces)
  if (faces === undefined) return null
  if (faces === 0) return 'No face in view'
  return faces === 1 ? 'Following one face' : `Following ${faces} faces`
}

/** Beautify: on or off, a preset of ours or an own one, and the strengths by the part of the face. */
export function BeautyPanel() {
  const beauty = useStudio((state) => state.beauty)
  const [group, setGroup] = useState<BeautyGroup>('skin')
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
      <OwnPresets />
      <Segmented label="Part of the face" segments={GROUPS} value={group} onChange={setGroup} />
      <BeautySliders group={group} />
    </section>
  )
}
