import type { SceneFit, SceneItem } from '@shared/media/scene'
import { FULL_CANVAS, NO_CROP } from '@shared/media/scene-edit'
import { Maximize, RotateCcw } from 'lucide-react'
import { Button } from '@/ui/Button'
import { Segmented } from '@/ui/Segmented'
import { Slider } from '@/ui/Slider'
import { Toggle } from '@/ui/Toggle'
import './mixer.css'
import { useScenes } from './scene-store'

const FITS: readonly { value: SceneFit; label: string }[] = [
  { value: 'contain', label: 'Fit' },
  { value: 'cover', label: 'Fill' },
  { value: 'stretch', label: 'Stretch' },
]

const EDGES = [
  ['left', 'right', 'Crop left'],
  ['right', 'left', 'Crop right'],
  ['top', 'bottom', 'Crop top'],
  ['bottom', 'top', 'Crop bottom'],
] as const
/** So much of the picture stays, in percent. */
const LEFT_OVER = 2

/** What can be set of one source of the scene. */
export function ItemDetails({ item }: { item: SceneItem }) {
  const { changeItem } = useScenes.getState()
  const change = (fields: Partial<Omit<SceneItem, 'id'>>): void => changeItem(item.id, fields)
  if (item.source.kind === 'gifts') {
    return (
      <div className="layers__details">
        <p className="panel-section__note">
          Gifts are drawn here while you are live, in front of everything. Drag and size the place on the stage.
        </p>
        <Button className="button--small" icon={<Maximize size={14} />} onClick={() => change({ place: FULL_CANVAS })}>
          Whole picture
        </Button>
        <Toggle label="Lock in place" checked={item.locked} onChange={(locked) => change({ locked })} />
      </div>
    )
  }
  return (
    <div className="layers__details">
      <div className="layers__row">
        <Button className="button--small" icon={<Maximize size={14} />} onClick={() => change({ place: FULL_CANVAS })}>
          Whole picture
        </Button>
        <Button
          variant="quiet"
          className="button--small"
          icon={<RotateCcw size={13} />}
          onClick={() => change({ crop: NO_CROP, fit: 'contain', mirror: false })}
        >
          Reset
        </Button>
      </div>
      <Segmented label="How it fills its place" segments={FITS} value={item.fit} onChange={(fit) => change({ fit })} />
      <Toggle label="Beautify this source" checked={item.beautify} onChange={(beautify) => change({ beautify })} />
      <Toggle label="Mirror" checked={item.mirror} onChange={(mirror) => change({ mirror })} />
      <Toggle label="Lock in place" checked={item.locked} onChange={(locked) => change({ locked })} />
      <details className="mixer__more">
        <summary>Crop</summary>
        {EDGES.map(([edge, opposite, label]) => (
          <Slider
            key={edge}
            label={label}
            value={Math.round(item.crop[edge] * 100)}
            onChange={(percent) => {
              const most = 100 - LEFT_OVER - Math.round(item.crop[opposite] * 100)
              change({ crop: { ...item.crop, [edge]: Math.min(percent, most) / 100 } })
            }}
          />
        ))}
      </details>
    </div>
  )
}
