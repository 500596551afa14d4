/** Pixels on a side of a tile. */
export const TILE = 16
const TILE_SHIFT = 4

/**
 * The part of the frame that stickers may change, with colour and depth for each pixel, and the depth of the head for
 * every second one. Memory grows to the largest region seen and is used again. Tiles tell where something was drawn, so
 * that the empty middle between two ears costs nothing.
 */
export class StickerCanvas {
  /** Pixels of the frame, even; right and bottom exclusive. */
  left = 0
  top = 0
  width = 0
  height = 0
  /** Y, U, V, opacity from the highest byte to the lowest, each already multiplied by the opacity. */
  colour = new Int32Array(0)
  /** Of what is seen in `colour`, centimetres, larger is nearer. */
  depth = new Float32Array(0)
  /** Rows of `headWidth`, with a border of one cell all round; cell (1, 1) stands for the first 2x2 pixels. */
  headDepth = new Float32Array(0)
  headWidth = 0
  headHeight = 0
  /** 1 where something was drawn, rows of `tilesAcross`. */
  tiles = new Uint8Array(0)
  tilesAcross = 0
  tilesDown = 0

  /** Empties it and lays it over the frame, clipped and widened to even pixels. @returns false when nothing is left */
  open(
    [left, top, right, bottom]: readonly [number, number, number, number],
    frameWidth: number,
    frameHeight: number,
  ): boolean {
    this.left = Math.max(0, Math.floor(left / 2) * 2)
    this.top = Math.max(0, Math.floor(top / 2) * 2)
    this.width = Math.min(frameWidth, Math.ceil(right / 2) * 2) - this.left
    this.height = Math.min(frameHeight, Math.ceil(bottom / 2) * 2) - this.top
    if (!(this.width > 0 && this.height > 0)) return false
    this.headWidth = this.width / 2 + 2
    this.headHeight = this.height / 2 + 2
    this.tilesAcross = Math.ceil(this.width / TILE)
    this.tilesDown = Math.ceil(this.height / TILE)
    const size = this.width * this.height
    const headSize = this.headWidth * this.headHeight
    const tileCount = this.tilesAcross * this.tilesDown
    if (this.colour.length < size) {
      this.colour = new Int32Array(size)
      this.depth = new Float32Array(size)
    }
    if (this.headDepth.length < headSize) this.headDepth = new Float32Array(headSize)
    if (this.tiles.length < tileCount) this.tiles = new Uint8Array(tileCount)
    this.colour.fill(0, 0, size)
    this.depth.fill(-Infinity, 0, size)
    this.headDepth.fill(-Infinity, 0, headSize)
    this.tiles.fill(0, 0, tileCount)
    return true
  }

  /** Notes that pixels `from` to `to` (exclusive, not empty) of a row are drawn. */
  touch(row: number, from: number, to: number): void {
    const line = (row >> TILE_SHIFT) * this.tilesAcross
    const last = line + ((to - 1) >> TILE_SHIFT)
    for (let tile = line + (from >> TILE_SHIFT); tile <= last; tile++) this.tiles[tile] = 1
  }
}
