import { recoverData } from './erasure-code'
import { pieceLength, pieceSize, type ChunkHead, type Piece } from './piece'

/** A chunk whose bytes are complete. */
export interface Chunk extends ChunkHead {
  bytes: Uint8Array
}

/**
 * What a piece was to the assembler. Of chunks that are over: `spare` where the chunk was whole without it, `late` where
 * it was given up.
 */
export type PieceVerdict = 'first' | 'duplicate' | 'spare' | 'late'

interface Building {
  head: ChunkHead
  pieces: Map<number, Uint8Array>
  bytes: Uint8Array | null
}

/** What is remembered below the next chunk, so that duplicates are told from late first copies. */
const REMEMBERED_CHUNKS = 128
/** A piece of a chunk this far ahead is not kept: a viewer that lags so much begins anew. */
const AHEAD_CHUNKS = 512

/**
 * Puts verified pieces together to chunks and hands these out in their order. It begins at the first chunk with `key`
 * that is complete. Pure: when to give a chunk up is decided outside (`skipTo`).
 */
export class ChunkAssembler {
  readonly #building = new Map<number, Building>()
  readonly #past = new Map<number, number>()
  /** Chunks that were given up. */
  readonly #lost = new Set<number>()
  #next: number | null = null
  #newest = -1

  /** Number of the chunk that is handed out next; null before the first. */
  get next(): number | null {
    return this.#next
  }

  /** Highest number of which a piece came; -1 before the first. */
  get newest(): number {
    return this.#newest
  }

  /** True when this piece (or its whole chunk) is here already: it needs no verification. */
  has(chunk: number, stripe: number): boolean {
    const building = this.#building.get(chunk)
    if (building !== undefined) return building.pieces.has(stripe)
    return ((this.#past.get(chunk) ?? 0) & (1 << stripe)) !== 0
  }

  /** True when all is known that the chunk holds, so that no further piece of it is of use here. */
  isWhole(chunk: number): boolean {
    if (this.#next !== null && chunk < this.#next) return true
    return this.#building.get(chunk)?.bytes != null
  }

  /** Stripes of a chunk that are here (bit mask); 0 for an unknown one. */
  stripesOf(chunk: number): number {
    const building = this.#building.get(chunk)
    if (building === undefined) return this.#past.get(chunk) ?? 0
    let mask = 0
    for (const stripe of building.pieces.keys()) mask |= 1 << stripe
    return mask >>> 0
  }

  /** Takes a verified piece; its data are kept as they are. */
  add(piece: Piece): PieceVerdict {
    const { chunk, stripe } = piece
    if (this.has(chunk, stripe)) return 'duplicate'
    if (this.#next !== null && chunk < this.#next) {
      const spare = this.#past.has(chunk) && !this.#lost.has(chunk)
      this.#remember(chunk, 1 << stripe)
      return spare ? 'spare' : 'late'
    }
    if (this.isBehind(chunk)) return 'late'
    let building = this.#building.get(chunk)
    if (building === undefined) {
      const { timeMs, length, k, n, start, end, key } = piece
      building = { head: { chunk, timeMs, length, k, n, start, end, key }, pieces: new Map(), bytes: null }
      this.#building.set(chunk, building)
      this.#newest = Math.max(this.#newest, chunk)
      if (this.#next === null) this.#trimStart()
    }
    building.pieces.set(stripe, piece.data)
    if (building.bytes === null) building.bytes = assemble(building)
    return 'first'
  }

  /** The next chunk, if it is complete. */
  take(): Chunk | null {
    if (this.#next === null) this.#next = this.#firstKey()
    if (this.#next === null) return null
    const building = this.#building.get(this.#next)
    if (building === undefined || building.bytes === null) return null
    this.#leave(this.#next, building)
    this.#next += 1
    return { ...building.head, bytes: building.bytes }
  }

  /** Gives up all chunks below `chunk`. */
  skipTo(chunk: number): void {
    if (this.#next === null || chunk <= this.#next) return
    for (const [number, building] of this.#building) {
      if (number >= chunk) continue
      this.#lost.add(number)
      this.#leave(number, building)
    }
    this.#next = chunk
  }

  /** True when this chunk is too far ahead to be kept. */
  isBehind(chunk: number): boolean {
    return this.#next !== null && chunk > this.#next + AHEAD_CHUNKS
  }

  /** Forgets all and begins at the next key chunk. */
  restart(): void {
    this.#building.clear()
    this.#past.clear()
    this.#lost.clear()
    this.#next = null
    this.#newest = -1
  }

  /** The lowest complete chunk above the next one at which a batch starts; null when there is none. */
  nextStart(): number | null {
    let lowest: number | null = null
    for (const [number, { head, bytes }] of this.#building) {
      if (bytes === null || !head.start || (this.#next !== null && number <= this.#next)) continue
      if (lowest === null || number < lowest) lowest = number
    }
    return lowest
  }

  #firstKey(): number | null {
    let lowest: number | null = null
    for (const [number, { head, bytes }] of this.#building) {
      if (head.key && bytes !== null && (lowest === null || number < lowest)) lowest = number
    }
    return lowest
  }

  /** Before the beginning only what may become part of it is kept. */
  #trimStart(): void {
    for (const number of this.#building.keys()) {
      if (number < this.#newest - AHEAD_CHUNKS) this.#building.delete(number)
    }
  }

  #leave(chunk: number, { pieces }: Building): void {
    this.#building.delete(chunk)
    let mask = 0
    for (const stripe of pieces.keys()) mask |= 1 << stripe
    this.#remember(chunk, mask)
  }

  #remember(chunk: number, mask: number): void {
    this.#past.set(chunk, ((this.#past.get(chunk) ?? 0) | mask) >>> 0)
    if (this.#past.size <= REMEMBERED_CHUNKS) return
    const oldest = this.#past.keys().next()
    if (oldest.done) return
    this.#past.delete(oldest.value)
    this.#lost.delete(oldest.value)
  }
}

/** The chunk's bytes, if enough pieces are here. */
function assemble({ head, pieces }: Building): Uint8Array | null {
  if (pieces.size < head.k) return null
  if (head.k === 1 && pieces.has(0)) return pieces.get(0)!
  const size = pieceSize(head)
  let data: (Uint8Array | undefined)[] | null = Array.from({ length: head.k }, (_, index) => pieces.get(index))
  if (data.includes(undefined)) data = recoverData(pieces, head.k, size)
  if (data === null) return null
  const bytes = new Uint8Array(head.length)
  for (const [index, piece] of data.entries()) {
    const length = pieceLength(head, index)
    if (length > 0) bytes.set(piece!.subarray(0, length), index * size)
  }
  return bytes
}
