import type { I420Frame } from '../i420'
import type { Layer } from './layer'

/** One drawn item: how, and its picture of now; null while it has none. */
export interface DrawnLayer {
  layer: Layer
  frame: I420Frame | null
}

/** Draws layers over each other, the last in front, on black. What is wholly covered is not drawn. */
export function compose(layers: readonly DrawnLayer[], canvas: I420Frame): void {
  const base = layers.findLastIndex(({ layer, frame }) => frame !== null && layer.coversCanvas)
  if (base < 0) blacken(canvas)
  for (let i = Math.max(0, base); i < layers.length; i++) {
    const { layer, frame } = layers[i]!
    if (frame) layer.draw(frame, canvas)
  }
}

/** Black in limited range. */
export function blacken({ width, height, data }: I420Frame): void {
  data.fill(16, 0, width * height)
  data.fill(128, width * height)
}

/**
 * Mixes a picture into another: 0 leaves `canvas` as it is, 1 makes it `other`. Linear in the coded values, as video
 * mixers do.
 */
export function crossfade(canvas: I420Frame, other: I420Frame, share: number): void {
  const weight = Math.round(share * 256)
  if (weight <= 0) return
  const a = canvas.data
  const b = other.data
  if (weight >= 256) {
    a.set(b)
    return
  }
  for (let i = 0; i < a.length; i++) a[i] = a[i]! + (((b[i]! - a[i]!) * weight + 128) >> 8)
}

/** Darkens a picture in place: the last one of a source that is away. */
export function dim({ width, height, data }: I420Frame): void {
  const luma = width * height
  for (let i = 0; i < luma; i++) data[i] = 16 + (((data[i]! - 16) * 3) >> 3)
  for (let i = luma; i < data.length; i++) data[i] = 128 + ((data[i]! - 128) >> 1)
}
