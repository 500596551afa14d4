import { BEAUTY_CONTROLS } from '@shared/media/beauty-settings'
import { Eraser } from 'lucide-react'
import { Button } from '@/ui/Button'
import { BeautySliders } from './BeautySliders'
import { useStudio } from './studio-store'

const MAKEUP = BEAUTY_CONTROLS.filter(({ group }) => group === 'makeup').map(({ id }) => id)
const BARE = Object.fromEntries(MAKEUP.map((id) => [id, 0]))

/** Make-up, each with its strength and, where it has one, its colour. */
export function MakeupPanel() {
  const enabled = useStudio((state) => state.beauty.enabled)
  const bare = useStudio((state) => MAKEUP.every((id) => state.beauty[id] === 0))
  const { changeBeauty } = useStudio.getState()
  return (
    <section className="panel-section" aria-label="Make-up settings">
      <div className="panel-section__line">
        <span className="panel-section__note">{enabled ? 'Pick a colour or move a slider' : 'Beautify is off'}</span>
        {enabled ? (
          <Button
            variant="quiet"
            className="button--small"
            icon={<Eraser size={13} />}
            disabled={bare}
            onClick={() => changeBeauty(BARE)}
          >
            Take off
          </Button>
        ) : (
          <Button variant="quiet" className="button--small" onClick={() => changeBeauty({ enabled: true })}>
            Turn on
          </Button>
        )}
      </div>
      <BeautySliders group="makeup" />
    </section>
  )
}
