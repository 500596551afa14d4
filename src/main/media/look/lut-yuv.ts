import { planesOf, type I420Frame } from '../i420'
import { unit, type ColourMap } from './colour-map'

/** Lumas at which a column is worked out: 0, 8, ... 256, the 33 steps of a usual 3-D table. */
const NODES = 33
/** Deltas are kept in 64ths of a level. */
const FINE = 64
/** A baked column: 256 lumas, then U and V for every fourth mean luma. */
const CHROMA_STEPS = 64
const COLUMN = 256 + 2 * CHROMA_STEPS
const FIRST_COLUMNS = 4096
/** Levels within which a map counts as one that treats each plane for itself. */
const FLAT_WITHIN = 0.75
/** Every fourth U and V, greys among them. */
const NEAR_PAIRS = 0xfcfc
/** The pair of greys. */
const GREY = (128 << 8) | 128

/**
 * A colour map on I420 frames (BT.601, limited range), in place.
 *
 * [Note: Columns of a look] All pixels of a 2x2 cell share U and V, so the map is kept as a column for each (U, V) that
 * has occurred: 33 lumas exactly, the ones between in straight lines. That is finer in U and V than any 3-D table, and
 * a frame costs one look-up a pixel. A picture holds a few thousand of the 65,536 pairs; a column is worked out when
 * its pair first occurs (about 4 µs), and kept over changes of the intensity. A live frame works out only so many
 * (`columnsPerFrame`); its other new pairs take the column of a pair at most 3 levels away until their turn comes, so
 * that neither a change of look nor a picture of noise holds up the show.
 *
 * Kept are differences to the input cut to what RGB can show: a neutral map changes nothing, blacker than black
 * included.
 */
export class YuvLook {
  #intensity = 0
  /** Where the baked column of (U << 8 | V) begins, or -1. */
  readonly #offsets = new Int32Array(65_536).fill(-1)
  /** Number of the column of (U << 8 | V), or -1. */
  readonly #numbers = new Int32Array(65_536).fill(-1)
  #count = 0
  #nodes = new Int16Array(FIRST_COLUMNS * NODES * 3)
  #maps = new Uint8Array(FIRST_COLUMNS * COLUMN)
  readonly #colour = new Float64Array(3)
  readonly #kind: 'columns' | 'luma' | 'grey'

  #left = 0

  /** @param columnsPerFrame most new columns of a frame; without it every frame is exact */
  constructor(
    private readonly map: ColourMap,
    private readonly columnsPerFrame = Infinity,
  ) {
    this.#kind = this.#findKind()
  }

  /** 0 (nothing changes) to 1. */
  get intensity(): number {
    return this.#intensity
  }

  set intensity(intensity: number) {
    const next = unit(intensity)
    if (next === this.#intensity) return
    this.#intensity = next
    this.#offsets.fill(-1)
  }

  /** Whether each plane goes by a curve of its own (black and white, brightness): a third of the work. */
  get flat(): boolean {
    return this.#kind !== 'columns'
  }

  apply(frame: I420Frame): void {
    if (this.#intensity === 0) return
    this.#left = this.columnsPerFrame
    if (this.flat) this.#applyFlat(frame)
    else this.#applyColumns(frame)
  }

  #applyColumns(frame: I420Frame): void {
    const { width, height } = frame
    const { y, u, v } = planesOf(frame)
    const offsets = this.#offsets
    let maps = this.#maps
    let cell = 0
    for (let row = 0; row < height; row += 2) {
      let top = row * width
      let low = top + width
      for (const end = low; top < end; top += 2, low += 2, cell++) {
        const key = (u[cell]! << 8) | v[cell]!
        let at = offsets[key]!
        if (at < 0) {
          at = this.#columnOf(key)
          maps = this.#maps
        }
        const [a, b, c, d] = [y[top]!, y[top + 1]!, y[low]!, y[low + 1]!]
        y[top] = maps[at + a]!
        y[top + 1] = maps[at + b]!
        y[low] = maps[at + c]!
        y[low + 1] = maps[at + d]!
        const chroma = at + 256 + ((a + b + c + d) >> 4)
        u[cell] = maps[chroma]!
        v[cell] = maps[chroma + CHROMA_STEPS]!
      }
    }
  }

  /** Luma goes by the curve of greys; U and V stay, or go to grey. */
  #applyFlat(frame: I420Frame): void {
    const { y, u, v } = planesOf(frame)
    const grey = this.#offsets[GREY]! < 0 ? this.#bake(GREY) : this.#offsets[GREY]!
    const maps = this.#maps
    for (let at = 0; at < y.length; at++) y[at] = maps[grey + y[at]!]!
    if (this.#kind === 'luma') return
    const curve = new Uint8Array(256)
    for (let value = 0; value < 256; value++) curve[value] = Math.round(value + (128 - value) * this.#intensity)
    for (let at = 0; at < u.length; at++) {
      u[at] = curve[u[at]!]!
      v[at] = curve[v[at]!]!
    }
  }

  /** Where the column of a pair begins, or one near by that is good enough for now. */
  #columnOf(key: number): number {
    if (this.#numbers[key]! >= 0 || this.#left > 0) return this.#bake(key)
    const near = key & NEAR_PAIRS
    const at = this.#offsets[near]!
    return at < 0 ? this.#bake(near) : at
  }

  /** Lays out the column of a pair for this intensity; returns where it begins. */
  #bake(key: number): number {
    const nodes = this.#nodesOf(key)
    const from = (nodes / (NODES * 3)) * COLUMN
    const deltas = this.#nodes
    const maps = this.#maps
    const scale = this.#intensity / (FINE * 8)
    for (let luma = 0; luma < 256; luma++) {
      const at = nodes + (luma >> 3) * 3
      const share = luma & 7
      const delta = deltas[at]! * (8 - share) + deltas[at + 3]! * share
      maps[from + luma] = byte(luma + delta * scale)
    }
    for (let step = 0; step < CHROMA_STEPS; step++) {
      const luma = step * 4 + 2
      const at = nodes + (luma >> 3) * 3
      const share = luma & 7
      const deltaU = deltas[at + 1]! * (8 - share) + deltas[at + 4]! * share
      const deltaV = deltas[at + 2]! * (8 - share) + deltas[at + 5]! * share
      maps[from + 256 + step] = byte((key >> 8) + deltaU * scale)
      maps[from + 256 + CHROMA_STEPS + step] = byte((key & 255) + deltaV * scale)
    }
    this.#offsets[key] = from
    return from
  }

  /** Works the column of a pair out, once; returns where its nodes begin. */
  #nodesOf(key: number): number {
    let number = this.#numbers[key]!
    if (number >= 0) return number * NODES * 3
    number = this.#count++
    this.#left--
    if ((number + 1) * COLUMN > this.#maps.length) this.#grow()
    this.#numbers[key] = number
    const nodes = this.#nodes
    let at = number * NODES * 3
    for (let node = 0; node < NODES; node++) {
      this.#delta(node * 8, key >> 8, key & 255)
      for (let plane = 0; plane < 3; plane++) nodes[at++] = Math.round(this.#colour[plane]! * FINE)
    }
    return number * NODES * 3
  }

  #grow(): void {
    const nodes = new Int16Array(this.#nodes.length * 2)
    nodes.set(this.#nodes)
    this.#nodes = nodes
    const maps = new Uint8Array(this.#maps.length * 2)
    maps.set(this.#maps)
    this.#maps = maps
  }

  /** Leaves in `#colour` by how much the map moves Y, U and V of this colour. */
  #delta(y: number, u: number, v: number): void {
    const colour = this.#colour
    const light = 1.164384 * (y - 16)
    colour[0] = unit((light + 1.596027 * (v - 128)) / 255)
    colour[1] = unit((light - 0.391762 * (u - 128) - 0.812968 * (v - 128)) / 255)
    colour[2] = unit((light + 2.017232 * (u - 128)) / 255)
    const [r, g, b] = [colour[0], colour[1], colour[2]]
    this.map(colour)
    const dr = unit(colour[0]) - r
    const dg = unit(colour[1]) - g
    const db = unit(colour[2]) - b
    colour[0] = 65.481 * dr + 128.553 * dg + 24.966 * db
    colour[1] = -37.797 * dr - 74.203 * dg + 112 * db
    colour[2] = 112 * dr - 93.786 * dg - 18.214 * db
  }

  /** On a grid of RGB: luma goes by the curve of greys, and colour all stays or all becomes the same. */
  #findKind(): 'columns' | 'luma' | 'grey' {
    const colour = this.#colour
    let stays = true
    let becomesGrey = true
    for (let i = 0; i < 729; i++) {
      const [r, g, b] = [(i % 9) / 8, (Math.floor(i / 9) % 9) / 8, Math.floor(i / 81) / 8]
      const y = 16 + 65.481 * r + 128.553 * g + 24.966 * b
      const u = 128 - 37.797 * r - 74.203 * g + 112 * b
      const v = 128 + 112 * r - 93.786 * g - 18.214 * b
      this.#delta(y, 128, 128)
      const grey = colour[0]!
      this.#delta(y, u, v)
      if (Math.abs(colour[0]! - grey) > FLAT_WITHIN) return 'columns'
      stays &&= Math.max(Math.abs(colour[1]!), Math.abs(colour[2]!)) <= FLAT_WITHIN
      becomesGrey &&= Math.max(Math.abs(colour[1]! + u - 128), Math.abs(colour[2]! + v - 128)) <= FLAT_WITHIN
      if (!stays && !becomesGrey) return 'columns'
    }
    return becomesGrey ? 'grey' : 'luma'
  }
}

function byte(value: number): number {
  return value > 0 ? (value < 255 ? Math.round(value) : 255) : 0
}
