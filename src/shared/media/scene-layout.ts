import type { Scene, SceneCrop, SceneFit, SceneItem, ScenePlace } from './scene'

/** A rectangle in pixels or shares; not rounded. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** What of the source's picture is drawn where. */
export interface ItemLayout {
  /** Part of the source's picture, in its pixels. */
  source: Rectangle
  /** Where it lies on the canvas, in canvas pixels; may lie partly outside. */
  target: Rectangle
}

export interface LayoutRequest {
  place: ScenePlace
  crop: SceneCrop
  fit: SceneFit
  /** Size of the source's picture, without bars, pixels. */
  picture: { width: number; height: number }
  /** Size of the canvas, pixels. */
  canvas: { width: number; height: number }
}

/** Where an item is drawn: engine and window use the same rule, so that handles lie on the picture's edges. */
export function layoutItem({ place, crop, fit, picture, canvas }: LayoutRequest): ItemLayout {
  const source = {
    x: crop.left * picture.width,
    y: crop.top * picture.height,
    width: Math.max(0.02, 1 - crop.left - crop.right) * picture.width,
    height: Math.max(0.02, 1 - crop.top - crop.bottom) * picture.height,
  }
  const box = {
    x: place.x * canvas.width,
    y: place.y * canvas.height,
    width: place.width * canvas.width,
    height: place.height * canvas.height,
  }
  if (fit === 'stretch') return { source, target: box }
  const wide = box.width / source.width
  const high = box.height / source.height
  if (fit === 'contain') {
    const scale = Math.min(wide, high)
    return { source, target: centred(box, source.width * scale, source.height * scale) }
  }
  const scale = Math.max(wide, high)
  return { source: centred(source, box.width / scale, box.height / scale), target: box }
}

/** The front-most visible item at a point (shares of the canvas), by its place; null for the empty canvas. */
export function itemAt(scene: Scene, x: number, y: number): SceneItem | null {
  const hit = ({ visible, place }: SceneItem): boolean =>
    visible && x >= place.x && y >= place.y && x < place.x + place.width && y < place.y + place.height
  return scene.items.findLast(hit) ?? null
}

/**
 * Moves a place to the canvas's edges and middle where it is nearer than `reach` (shares of the canvas); guides for
 * dragging.
 */
export function snapPlace(place: ScenePlace, reach = 0.015): ScenePlace {
  return { ...place, x: snap(place.x, place.width, reach), y: snap(place.y, place.height, reach) }
}

function snap(at: number, size: number, reach: number): number {
  const near = [0, 1 - size, (1 - size) / 2].find((line) => Math.abs(line - at) <= reach)
  return near ?? at
}

function centred(outer: Rectangle, width: number, height: number): Rectangle {
  return { x: outer.x + (outer.width - width) / 2, y: outer.y + (outer.height - height) / 2, width, height }
}
