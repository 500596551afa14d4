import { MOST_ITEMS, type SceneItem } from '@shared/media/scene'
import { currentScene } from '@shared/media/scene-edit'
import { ArrowDown, ArrowUp, Eye, EyeOff, RotateCw, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { IconButton } from '@/ui/IconButton'
import { SourceIcon } from '../SourceIcon'
import { useStudio } from '../studio-store'
import { AddSource } from './AddSource'
import { ItemDetails } from './ItemDetails'
import { itemName, itemNote } from './item-words'
import './layers.css'
import { useScenes } from './scene-store'

/** One source of the scene: a press selects it; hide, order and remove are beside it. */
function Layer({ item, index, count }: { item: SceneItem; index: number; count: number }) {
  const options = useStudio((state) => state.options)
  const state = useScenes((store) => store.state.items.find(({ itemId }) => itemId === item.id))
  const selected = useScenes((store) => store.selectedId === item.id)
  const { selectItem, changeItem, removeItem, raiseItem, restartItem } = useScenes.getState()
  const name = itemName(item, options)
  const note = itemNote(item, state)
  const again = item.visible && (state?.state === 'failed' || state?.state === 'ended')
  return (
    <li className="layers__item" data-selected={selected || undefined} data-hidden={!item.visible || undefined}>
      <button
        type="button"
        className="layers__name"
        aria-pressed={selected}
        onClick={() => selectItem(selected ? null : item.id)}
      >
        <SourceIcon spec={item.source} />
        <span className="layers__words">
          <span className="layers__label">{name}</span>
          {note !== null && (
            <span
              className="layers__note"
              data-problem={state?.state === 'failed' || state?.state === 'waiting' || undefined}
              title={note}
            >
              {note}
            </span>
          )}
        </span>
      </button>
      <span className="layers__tools">
        {again && (
          <IconButton label={`Open ${name} again`} className="button--small" onClick={() => void restartItem(item.id)}>
            <RotateCw size={14} />
          </IconButton>
        )}
        {selected && (
          <>
            <IconButton
              label={`Bring ${name} forward`}
              className="button--small"
              disabled={index === count - 1}
              onClick={() => raiseItem(item.id, 1)}
            >
              <ArrowUp size={14} />
            </IconButton>
            <IconButton
              label={`Send ${name} back`}
              className="button--small"
              disabled={index === 0}
              onClick={() => raiseItem(item.id, -1)}
            >
              <ArrowDown size={14} />
            </IconButton>
            <IconButton
              label={`Remove ${name}`}
              align="end"
              className="button--small"
              onClick={() => removeItem(item.id)}
            >
              <Trash2 size={14} />
            </IconButton>
          </>
        )}
        <IconButton
          label={item.visible ? `Hide ${name}` : `Show ${name}`}
          align="end"
          className="button--small"
          onClick={() => changeItem(item.id, { visible: !item.visible })}
        >
          {item.visible ? <Eye size={15} /> : <EyeOff size={15} />}
        </IconButton>
      </span>
    </li>
  )
}

/** The sources of the scene, the front-most first, and what can be set of the selected one. */
export function LayersPanel() {
  const scene = useScenes((state) => currentScene(state.scenes))
  const selectedId = useScenes((state) => state.selectedId)
  const { addSource } = useScenes.getState()
  const id = useId()
  const selected = scene.items.find((item) => item.id === selectedId)
  return (
    <section className="panel-section" aria-labelledby={id}>
      <header className="panel-section__header">
        <h2 id={id}>Sources</h2>
        <AddSource disabled={scene.items.length >= MOST_ITEMS} onAdd={addSource} />
      </header>
      {scene.items.length === 0 ? (
        <p className="panel-section__note">This scene is empty. Add a camera, a video or a picture.</p>
      ) : (
        <ul className="layers">
          {scene.items
            .map((item, index) => <Layer key={item.id} item={item} index={index} count={scene.items.length} />)
            .reverse()}
        </ul>
      )}
      {selected !== undefined && <ItemDetails item={selected} />}
    </section>
  )
}
