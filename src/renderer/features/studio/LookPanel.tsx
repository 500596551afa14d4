import { DEFAULT_LOOK, OWN_LOOKS, type LookId } from '@shared/media/look-settings'
import { FileUp } from 'lucide-react'
import { useEffect, useId } from 'react'
import { Button } from '@/ui/Button'
import { Slider } from '@/ui/Slider'
import { useLook } from './look-store'
import { LookSwatch } from './LookSwatch'
import './look.css'
import { useStudio } from './studio-store'

/** Colours of the whole picture: a look, how much of it, and darker corners. */
export function LookPanel() {
  const { look, swatches, importing } = useLook()
  const { changeLook, importCube, refreshSwatches } = useLook.getState()
  const open = useStudio((state) => state.source.state === 'open')
  const group = useId()

  useEffect(() => void refreshSwatches(), [open, refreshSwatches])

  const looks: { id: LookId; label: string }[] = [
    { id: 'none', label: 'None' },
    ...OWN_LOOKS,
    ...(look.cube === null ? [] : [{ id: 'cube' as const, label: look.cube.name }]),
  ]

  return (
    <section className="panel-section look-panel" aria-label="Look settings">
      <div role="radiogroup" aria-label="Look" className="looks">
        {looks.map(({ id, label }) => (
          <label key={id} className="looks__item" title={label}>
            <input type="radio" name={group} checked={look.look === id} onChange={() => changeLook({ look: id })} />
            <span className="looks__face">
              <LookSwatch swatch={swatches.find((swatch) => swatch.id === id)} />
              <span className="looks__label">{label}</span>
            </span>
          </label>
        ))}
      </div>
      <Button icon={<FileUp size={16} />} busy={importing} onClick={() => void importCube()}>
        Import .cube…
      </Button>
      <div className="panel-section__sliders">
        <Slider
          label="Intensity"
          value={Math.round(look.intensity * 100)}
          resetTo={Math.round(DEFAULT_LOOK.intensity * 100)}
          disabled={look.look === 'none'}
          onChange={(value) => changeLook({ intensity: value / 100 })}
        />
        <Slider
          label="Vignette"
          value={Math.round(look.vignette * 100)}
          onChange={(value) => changeLook({ vignette: value / 100 })}
        />
      </div>
    </section>
  )
}
