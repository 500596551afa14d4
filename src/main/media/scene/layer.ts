import type { SceneItem } from '@shared/media/scene'
import { layoutItem, type Rectangle } from '@shared/media/scene-layout'
import type { I420Frame } from '../i420'
import { PlaneScaler, type Plane } from './plane-scaler'

export interface LayerSize {
  width: number
  height: number
}

/** How one item of a scene is drawn, worked out once for a layout: what of its frame goes where. */
export class Layer {
  /** Nothing behind it can be seen. */
  readonly coversCanvas: boolean
  /** It lies wholly outside the canvas. */
  readonly isOutside: boolean
  private readonly luma: PlaneScaler | null = null
  private readonly chroma: PlaneScaler | null = null

  /** @param picture where the picture lies in the item's frames, without bars; pixels, even */
  constructor(item: Pick<SceneItem, 'place' | 'crop' | 'fit' | 'mirror'>, picture: Rectangle, canvas: LayerSize) {
    const { source, target } = layoutItem({ ...item, picture, canvas })
    // Chroma is shared by 2x2 pixels: on even edges both fit, and no edge is half coloured.
    const even = (at: number): number => 2 * Math.round(at / 2)
    const left = even(target.x)
    const top = even(target.y)
    const right = Math.max(left + 2, even(target.x + target.width))
    const bottom = Math.max(top + 2, even(target.y + target.height))
    const seen = {
      left: Math.max(0, left),
      top: Math.max(0, top),
      right: Math.min(canvas.width, right),
      bottom: Math.min(canvas.height, bottom),
    }
    this.isOutside = seen.left >= seen.right || seen.top >= seen.bottom
    this.coversCanvas = left <= 0 && top <= 0 && right >= canvas.width && bottom >= canvas.height
    if (this.isOutside) return
    const fromX = picture.x + source.x
    const fromY = picture.y + source.y
    const scaler = (unit: number): PlaneScaler =>
      new PlaneScaler(
        {
          ...{ from: fromX / unit, to: (fromX + source.width) / unit, start: left / unit, end: right / unit },
          ...{ first: seen.left / unit, last: seen.right / unit, mirrored: item.mirror, padded: true },
        },
        {
          ...{ from: fromY / unit, to: (fromY + source.height) / unit, start: top / unit, end: bottom / unit },
          ...{ first: seen.top / unit, last: seen.bottom / unit, mirrored: false, padded: false },
        },
      )
    this.luma = scaler(1)
    this.chroma = scaler(2)
  }

  /** Whether a frame of the canvas's size is taken as it is. */
  get isCopy(): boolean {
    return this.coversCanvas && this.luma?.isCopy === true && this.chroma?.isCopy === true
  }

  /** Calls back for each of the three planes that are to be drawn; nothing for an item outside. */
  planes(frame: I420Frame, canvas: I420Frame, draw: (scaler: PlaneScaler, source: Plane, target: Plane) => void): void {
    const { luma, chroma } = this
    if (!luma || !chroma) return
    draw(luma, planeOf(frame, 0), planeOf(canvas, 0))
    for (const plane of [1, 2] as const) draw(chroma, planeOf(frame, plane), planeOf(canvas, plane))
  }
}

function planeOf({ width, height, data }: I420Frame, plane: 0 | 1 | 2): Plane {
  const luma = width * height
  return plane === 0
    ? { data, offset: 0, stride: width }
    : { data, offset: luma + ((plane - 1) * luma) / 4, stride: width / 2 }
}
