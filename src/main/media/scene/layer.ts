import type { SceneItem } from '@shared/media/scene'
import { layoutItem, type Rectangle } from '@shared/media/scene-layout'
import type { I420Frame } from '../i420'
import { PlaneScaler } from './plane-scaler'

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
          ...{ first: seen.left / unit, last: seen.right / unit, mirrored: item.mirror },
        },
        {
          ...{ from: fromY / unit, to: (fromY + source.height) / unit, start: top / unit, end: bottom / unit },
          ...{ first: seen.top / unit, last: seen.bottom / unit, mirrored: false },
        },
      )
    this.luma = scaler(1)
    this.chroma = scaler(2)
  }

  draw(frame: I420Frame, canvas: I420Frame): void {
    if (!this.luma || !this.chroma) return
    this.luma.draw(
      { data: frame.data, offset: 0, stride: frame.width },
      { data: canvas.data, offset: 0, stride: canvas.width },
    )
    const from = frame.width * frame.height
    const to = canvas.width * canvas.height
    for (const plane of [0, 1]) {
      this.chroma.draw(
        { data: frame.data, offset: from + (plane * from) / 4, stride: frame.width / 2 },
        { data: canvas.data, offset: to + (plane * to) / 4, stride: canvas.width / 2 },
      )
    }
  }
}
