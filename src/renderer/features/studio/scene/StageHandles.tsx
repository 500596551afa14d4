import type { SceneItem, ScenePlace } from '@shared/media/scene'
import { currentScene } from '@shared/media/scene-edit'
import { itemAt } from '@shared/media/scene-layout'
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { useStudio } from '../studio-store'
import { cropItem, HANDLES, movePlace, resizePlace, type Handle } from './drag-place'
import { itemName } from './item-words'
import { useScenes } from './scene-store'
import './stage-handles.css'

/** One press of an arrow key, shares of the canvas. */
const NUDGE = 0.005

interface Drag {
  item: SceneItem
  /** Null moves the whole. */
  handle: Handle | null
  /** Where the pointer was, shares of the canvas. */
  x: number
  y: number
}

/** Lies over the stage: a press selects the source there, dragging moves it, its handles resize it, with Alt they crop. */
export function StageHandles() {
  const scene = useScenes((state) => currentScene(state.scenes))
  const selectedId = useScenes((state) => state.selectedId)
  const options = useStudio((state) => state.options)
  const { selectItem, changeItem, removeItem } = useScenes.getState()
  const box = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag | null>(null)
  const selected = scene.items.find(({ id }) => id === selectedId)
  // One source over the whole picture has nothing to be arranged.
  if (scene.items.length < 2 && selected === undefined) return null

  const at = (event: PointerEvent): { x: number; y: number } => {
    const { left, top, width, height } = box.current!.getBoundingClientRect()
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height }
  }

  const grab = (event: PointerEvent, item: SceneItem, handle: Handle | null): void => {
    if (event.button !== 0 || item.locked) return
    box.current?.setPointerCapture(event.pointerId)
    drag.current = { item, handle, ...at(event) }
  }

  const onPointerDown = (event: PointerEvent): void => {
    const { x, y } = at(event)
    // The selected one goes on being dragged where another lies over it.
    const inside = selected !== undefined && isInside(selected.place, x, y)
    const item = inside ? selected : itemAt(scene, x, y)
    selectItem(item?.id ?? null)
    if (item) grab(event, item, null)
  }

  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current === null) return
    const { item, handle, x, y } = drag.current
    const now = at(event)
    const [dx, dy] = [now.x - x, now.y - y]
    if (handle === null) changeItem(item.id, { place: movePlace(item.place, dx, dy, event.ctrlKey) })
    else if (event.altKey) changeItem(item.id, cropItem(item, handle, dx, dy))
    else changeItem(item.id, { place: resizePlace(item.place, handle, dx, dy, event.shiftKey), crop: item.crop })
  }

  const onPointerUp = (): void => {
    drag.current = null
  }

  const onKeyDown = (event: KeyboardEvent, item: SceneItem): void => {
    if (event.key === 'Escape') selectItem(null)
    else if (event.key === 'Delete' || event.key === 'Backspace') removeItem(item.id)
    else {
      const by = arrowOf(event.key)
      if (by === null || item.locked) return
      const [dx, dy] = [by[0] * NUDGE, by[1] * NUDGE]
      const place = event.shiftKey
        ? resizePlace(item.place, { x: 1, y: 1 }, dx, dy, true)
        : movePlace(item.place, dx, dy, true)
      changeItem(item.id, { place })
    }
    event.preventDefault()
  }

  return (
    <div
      ref={box}
      className="stage-handles"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      {selected?.visible === true && (
        <div
          className="stage-handles__box"
          data-locked={selected.locked || undefined}
          role="group"
          tabIndex={0}
          aria-label={`${itemName(selected, options)}: arrow keys move it, with Shift they resize it, Delete removes it`}
          style={styleOf(selected.place)}
          onKeyDown={(event) => onKeyDown(event, selected)}
        >
          {!selected.locked &&
            HANDLES.map((handle) => (
              <span
                key={handle.name}
                className="stage-handles__handle"
                style={{ left: `${50 + 50 * handle.x}%`, top: `${50 + 50 * handle.y}%`, cursor: cursorOf(handle) }}
                onPointerDown={(event) => {
                  event.stopPropagation()
                  grab(event, selected, handle)
                }}
              />
            ))}
        </div>
      )}
    </div>
  )
}

function isInside({ x, y, width, height }: ScenePlace, px: number, py: number): boolean {
  return px >= x && py >= y && px < x + width && py < y + height
}

function styleOf({ x, y, width, height }: ScenePlace) {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` }
}

function cursorOf({ x, y }: Handle): string {
  if (x === 0) return 'ns-resize'
  if (y === 0) return 'ew-resize'
  return x === y ? 'nwse-resize' : 'nesw-resize'
}

function arrowOf(key: string): readonly [number, number] | null {
  switch (key) {
    case 'ArrowLeft':
      return [-1, 0]
    case 'ArrowRight':
      return [1, 0]
    case 'ArrowUp':
      return [0, -1]
    case 'ArrowDown':
      return [0, 1]
    default:
      return null
  }
}
