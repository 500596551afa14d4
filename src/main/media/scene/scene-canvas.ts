import { i420Size, type I420Frame } from '../i420'
import type { Layer, LayerSize } from './layer'

/** Two pictures to draw scenes on, one for each side of a fade. */
export interface SceneCanvas {
  /** 'wasm' or 'plain'; for logs and measurements. */
  readonly name: string
  /** The scene on the picture. */
  readonly shown: I420Frame
  /** The scene that is faded to. */
  readonly next: I420Frame
  draw(layer: Layer, frame: I420Frame, canvas: I420Frame): void
  /**
   * Mixes `next` into `shown`: 0 leaves it as it is, 1 makes it the other. Linear in the coded values, as video mixers
   * do.
   */
  fade(share: number): void
}

/** One drawn item: how, and its picture of now; null while it has none. */
export interface DrawnLayer {
  layer: Layer
  frame: I420Frame | null
}

/** Draws layers over each other, the last in front, on black. What is wholly covered is not drawn. */
export function compose(scene: SceneCanvas, layers: readonly DrawnLayer[], canvas = scene.shown): void {
  const base = layers.findLastIndex(({ layer, frame }) => frame !== null && layer.coversCanvas)
  if (base < 0) blacken(canvas)
  for (let i = Math.max(0, base); i < layers.length; i++) {
    const { layer, frame } = layers[i]!
    if (frame) scene.draw(layer, frame, canvas)
  }
}

/** Black in limited range. */
export function blacken({ width, height, data }: I420Frame): void {
  data.fill(16, 0, width * height)
  data.fill(128, width * height)
}

/** Darkens a picture in place: the last one of a source that is away. */
export function dim({ width, height, data }: I420Frame): void {
  const luma = width * height
  for (let i = 0; i < luma; i++) data[i] = 16 + (((data[i]! - 16) * 3) >> 3)
  for (let i = luma; i < data.length; i++) data[i] = 128 + ((data[i]! - 128) >> 1)
}

/** The loops in TypeScript: what the fast ones must do. */
export class PlainCanvas implements SceneCanvas {
  readonly name: string = 'plain'
  readonly shown: I420Frame
  readonly next: I420Frame

  constructor({ width, height }: LayerSize) {
    const make = (): I420Frame => ({ width, height, data: new Uint8Array(i420Size(width, height)) })
    this.shown = make()
    this.next = make()
  }

  draw(layer: Layer, frame: I420Frame, canvas: I420Frame): void {
    if (layer.isCopy) canvas.data.set(frame.data)
    else layer.planes(frame, canvas, (scaler, source, target) => scaler.draw(source, target))
  }

  fade(share: number): void {
    const weight = Math.round(share * 256)
    const [a, b] = [this.shown.data, this.next.data]
    for (let i = 0; i < a.length; i++) a[i] = (a[i]! * (256 - weight) + b[i]! * weight + 128) >> 8
  }
}
