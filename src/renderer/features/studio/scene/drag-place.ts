import type { SceneCrop, SceneItem, ScenePlace } from '@shared/media/scene'
import { clampPlace } from '@shared/media/scene-edit'
import { snapPlace } from '@shared/media/scene-layout'

/** A side or corner of a place: -1 is left or top, 1 right or bottom, 0 the middle. */
export interface Handle {
  x: -1 | 0 | 1
  y: -1 | 0 | 1
}

export const HANDLES: readonly (Handle & { name: string })[] = [
  { x: -1, y: -1, name: 'top left' },
  { x: 0, y: -1, name: 'top' },
  { x: 1, y: -1, name: 'top right' },
  { x: 1, y: 0, name: 'right' },
  { x: 1, y: 1, name: 'bottom right' },
  { x: 0, y: 1, name: 'bottom' },
  { x: -1, y: 1, name: 'bottom left' },
  { x: -1, y: 0, name: 'left' },
]

/** Least size of a place by dragging, shares of the canvas. */
const LEAST = 0.04

/** A place moved by shares of the canvas; near the canvas's edges and middle it snaps unless `free`. */
export function movePlace(place: ScenePlace, dx: number, dy: number, free = false): ScenePlace {
  const moved = { ...place, x: place.x + dx, y: place.y + dy }
  return clampPlace(free ? moved : snapPlace(moved))
}

/**
 * A place whose handle was dragged by shares of the canvas; the opposite side stays. A corner keeps the shape of the
 * place unless `free`.
 */
export function resizePlace(place: ScenePlace, handle: Handle, dx: number, dy: number, free = false): ScenePlace {
  let width = Math.max(LEAST, place.width + handle.x * dx)
  let height = Math.max(LEAST, place.height + handle.y * dy)
  if (handle.x !== 0 && handle.y !== 0 && !free) {
    const scale = Math.max(width / place.width, height / place.height, LEAST / Math.min(place.width, place.height))
    width = place.width * scale
    height = place.height * scale
  }
  return clampPlace({
    width,
    height,
    x: handle.x < 0 ? place.x + place.width - width : place.x,
    y: handle.y < 0 ? place.y + place.height - height : place.y,
  })
}

/** A side dragged inwards or out while it cuts the picture instead of squeezing it: place and crop change together. */
export function cropItem(
  { place, crop }: Pick<SceneItem, 'place' | 'crop'>,
  handle: Handle,
  dx: number,
  dy: number,
): Pick<SceneItem, 'place' | 'crop'> {
  const [x, across] = cropAxis(place.x, place.width, crop.left, crop.right, handle.x, dx)
  const [y, down] = cropAxis(place.y, place.height, crop.top, crop.bottom, handle.y, dy)
  const cropped: SceneCrop = { left: across[0], right: across[1], top: down[0], bottom: down[1] }
  return { place: clampPlace({ ...x, y: y.x, height: y.width }), crop: cropped }
}

/** One axis: where the place begins and how long it is, and what is cut off its two ends. */
function cropAxis(
  start: number,
  size: number,
  before: number,
  after: number,
  side: -1 | 0 | 1,
  by: number,
): [{ x: number; width: number }, [number, number]] {
  if (side === 0) return [{ x: start, width: size }, [before, after]]
  const whole = size / Math.max(0.02, 1 - before - after)
  const cut = (side < 0 ? before : after) - (side * by) / whole
  const most = 0.98 - (side < 0 ? after : before) - LEAST
  const kept = Math.min(Math.max(0, cut), Math.max(0, most))
  const ends: [number, number] = side < 0 ? [kept, after] : [before, kept]
  const width = whole * (1 - ends[0] - ends[1])
  return [{ x: side < 0 ? start + size - width : start, width }, ends]
}
