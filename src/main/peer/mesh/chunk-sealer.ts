import { parityOf } from '@shared/mesh/erasure-code'
import { encodeItems, type MeshItem } from '@shared/mesh/mesh-item'
import {
  encodeList,
  encodeListBody,
  encodeListedPiece,
  encodePieceHead,
  encodeSignedPiece,
  LISTED_HASH_BYTES,
  MAX_PIECE_BYTES,
  pieceLength,
  pieceSize,
  type ChunkHead,
} from '@shared/mesh/piece'
import type { Sign } from '@shared/live/signed-record'
import { hashOf, PiecePayloads } from './piece-payload'

/** How chunks are split and signed. */
export interface ChunkLayout {
  /** Stripes with data; all stripes, parity included. */
  k: number
  n: number
  /**
   * One signed list of hashes goes ahead of the pieces of each batch, instead of a signature in each piece: less bytes
   * where pieces are small (many stripes), but a piece waits for its list.
   */
  listed: boolean
}

/** A chunk ready to travel: frames of stripe streams, by stripe. */
export interface SealedChunk {
  head: ChunkHead
  frames: Uint8Array[]
  /** Frame of the list that covers this chunk; the same for all chunks of a batch; null for signed pieces. */
  list: Uint8Array | null
}

/** The broadcaster's side: batches of items in, signed pieces out. */
export class ChunkSealer {
  readonly #payloads: PiecePayloads
  readonly #sign: Sign
  #layout: ChunkLayout
  #chunk = 0

  constructor(showCid: string, sign: Sign, layout: ChunkLayout) {
    this.#payloads = new PiecePayloads(showCid)
    this.#sign = sign
    this.#layout = layout
  }

  /** From the next batch on. */
  set layout(layout: ChunkLayout) {
    this.#layout = layout
  }

  get layout(): ChunkLayout {
    return this.#layout
  }

  /** Number of the next chunk. */
  get next(): number {
    return this.#chunk
  }

  /**
   * One batch as its chunks.
   * @param timeMs since the start of the show, of the newest picture
   * @param key a viewer can begin with this batch
   */
  seal(items: readonly MeshItem[], timeMs: number, key: boolean): SealedChunk[] {
    const bytes = encodeItems(items)
    const { k, n, listed } = this.#layout
    const count = Math.max(1, Math.ceil(bytes.length / (k * MAX_PIECE_BYTES)))
    // of equal size, so that the last one is not a crumb
    const size = Math.ceil(bytes.length / count)
    const chunks = Array.from({ length: count }, (_, index) => {
      const part = bytes.subarray(index * size, (index + 1) * size)
      const head: ChunkHead = {
        chunk: this.#chunk++,
        timeMs,
        length: part.length,
        k,
        n,
        start: index === 0,
        end: index === count - 1,
        key: key && index === 0,
      }
      return { head, pieces: split(head, part) }
    })
    return listed ? this.#sealListed(chunks) : chunks.map(({ head, pieces }) => this.#sealSigned(head, pieces))
  }

  #sealSigned(head: ChunkHead, pieces: readonly Uint8Array[]): SealedChunk {
    const frames = pieces.map((data, stripe) => {
      const bytes = encodePieceHead(head, stripe)
      return encodeSignedPiece(bytes, this.#sign(this.#payloads.piece(bytes, hashOf(data))), data)
    })
    return { head, frames, list: null }
  }

  #sealListed(chunks: readonly { head: ChunkHead; pieces: Uint8Array[] }[]): SealedChunk[] {
    const heads = chunks.map(({ head }) => head)
    const hashes = chunks.map(({ pieces }) =>
      Buffer.concat(pieces.map((data) => hashOf(data).subarray(0, LISTED_HASH_BYTES))),
    )
    const body = encodeListBody({ heads, hashes })
    const list = encodeList(body, this.#sign(this.#payloads.list(body)))
    return chunks.map(({ head, pieces }) => ({
      head,
      frames: pieces.map((data, stripe) => encodeListedPiece(head.chunk, stripe, data)),
      list,
    }))
  }
}

/** The data pieces of a chunk, then its parity. */
function split(head: ChunkHead, bytes: Uint8Array): Uint8Array[] {
  const size = pieceSize(head)
  const data = Array.from({ length: head.k }, (_, stripe) =>
    bytes.subarray(stripe * size, stripe * size + pieceLength(head, stripe)),
  )
  return head.n === head.k ? data : [...data, ...parityOf(data, head.n, size)]
}
