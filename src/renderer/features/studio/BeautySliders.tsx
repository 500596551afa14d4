import {
  BEAUTY_CONTROLS,
  DEFAULT_BEAUTY,
  MAKEUP_COLOURS,
  type BeautyControl,
  type BeautyControlId,
  type BeautyGroup,
  type ColouredMakeup,
} from '@shared/media/beauty-settings'
import { ColourSwatches } from '@/ui/ColourSwatches'
import { Slider } from '@/ui/Slider'
import { useStudio } from './studio-store'

const CONTROLS: readonly (BeautyControl & { id: BeautyControlId })[] = BEAUTY_CONTROLS

function isColoured(id: BeautyControlId): id is ColouredMakeup {
  return id in MAKEUP_COLOURS
}

/** All strengths of one group; make-up that has a colour offers it as soon as it is on. */
export function BeautySliders({ group }: { group: BeautyGroup }) {
  const beauty = useStudio((state) => state.beauty)
  const { changeBeauty } = useStudio.getState()
  return (
    <div className="panel-section__sliders">
      {CONTROLS.filter((control) => control.group === group).map(({ id, label, ends }) => (
        <div key={id}>
          <Slider
            label={label}
            value={Math.round(beauty[id] * 100)}
            resetTo={Math.round(DEFAULT_BEAUTY[id] * 100)}
            ends={ends}
            disabled={!beauty.enabled}
            onChange={(value) => changeBeauty({ [id]: value / 100 })}
          />
          {isColoured(id) && (
            <ColourSwatches
              label={`${label} colour`}
              colours={MAKEUP_COLOURS[id]}
              value={beauty.colours[id]}
              disabled={!beauty.enabled}
              onChange={(colour) =>
                changeBeauty({
                  colours: { ...beauty.colours, [id]: colour },
                  // Choosing a colour is asking to see it.
                  ...(beauty[id] === 0 ? { [id]: 0.5 } : {}),
                })
              }
            />
          )}
        </div>
      ))}
    </div>
  )
}
