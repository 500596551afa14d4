import type { Scene, SceneItem } from '@shared/media/scene'
import type { I420Frame } from '../i420'
import { Layer, type LayerSize } from './layer'
import type { DrawnLayer } from './scene-canvas'
import type { SceneInput } from './scene-input'

/** An item with the input that it shows; how it is drawn is worked out when the input's picture is known. */
export class PlannedItem implements DrawnLayer {
  private made: Layer | null = null
  private madeFor = ''

  constructor(
    readonly item: SceneItem,
    readonly input: SceneInput,
    private readonly canvas: LayerSize,
  ) {}

  get layer(): Layer {
    const { width, height } = this.canvas
    const picture = this.picture ?? { x: 0, y: 0, width, height }
    const key = `${picture.x} ${picture.y} ${picture.width} ${picture.height}`
    if (!this.made || this.madeFor !== key) this.made = new Layer(this.item, picture, this.canvas)
    this.madeFor = key
    return this.made
  }

  get frame(): I420Frame | null {
    return this.input.queue.shown
  }

  /** Its source's frames are the whole picture as they are, as far as is known before it is open. */
  get isStraight(): boolean {
    const { place, crop, fit, mirror, sound } = this.item
    const whole = place.x === 0 && place.y === 0 && place.width === 1 && place.height === 1
    const uncut = crop.left + crop.top + crop.right + crop.bottom === 0
    const barred =
      this.picture !== null && this.picture.width * this.picture.height < this.canvas.width * this.canvas.height
    return whole && uncut && !mirror && sound.delayMs >= 0 && (fit === 'contain' || !barred)
  }

  /** Where the picture lies in the input's frames, when there are bars around it. */
  private get picture(): { x: number; y: number; width: number; height: number } | null {
    const info = this.input.lastInfo
    return info?.picture ?? null
  }
}

/** A scene with the inputs that it shows. */
export class ScenePlan {
  readonly items: readonly PlannedItem[]
  /** What is drawn, the front-most last. */
  readonly drawn: readonly PlannedItem[]

  constructor(
    readonly scene: Scene,
    inputOf: (item: SceneItem) => SceneInput,
    canvas: LayerSize,
  ) {
    // gifts are drawn over finished frames (AlertStage): as an item they are a place and nothing more
    const captured = scene.items.filter(({ source }) => source.kind !== 'gifts')
    this.items = captured.map((item) => new PlannedItem(item, inputOf(item), canvas))
    this.drawn = this.items.filter(({ item }) => item.visible)
  }

  /** The one item whose frames go straight through, if that is all there is to see. */
  get straight(): PlannedItem | null {
    const [only] = this.drawn
    return this.drawn.length === 1 && only?.isStraight === true ? only : null
  }

  /** Everything that will be seen has a picture, or has none to come. */
  get isSettled(): boolean {
    return this.drawn.every(({ input }) => input.isSettled)
  }

  /** There is something in it, and all of it has come to its end. */
  get isOver(): boolean {
    return this.items.length > 0 && this.items.every(({ input }) => input.hasEnded)
  }
}
