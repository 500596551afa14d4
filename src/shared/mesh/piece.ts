import { ByteReader, MeshFault } from './byte-reader'
import { ByteWriter } from './byte-writer'

/**
 * [Note: Chunks and pieces]
 * The items of a show (configurations, access units, borders of segments) are written behind each other in batches of
 * 33 to 100 ms; a batch begins and ends with whole items. A batch is cut into chunks of at most `k` times
 * MAX_PIECE_BYTES, numbered through the show: the first carries the flag `start` (and `key`, when a viewer can begin with
 * it), the last the flag `end`. A chunk of `length` bytes is split over `k` stripes: piece `i` holds the bytes from
 * `i * ceil(length / k)` on; pieces `k` to `n - 1` are parity of the same size (erasure-code.ts).
 *
 * A frame on a stripe stream is its length (u16, of the rest), its type (u8) and its body, big endian:
 *   1 signed piece: head (16 bytes: chunk u32, time u32, length u24, flags u8, stripe u8, k u8, n u8, 0), signature (64), data
 *   2 listed piece: chunk u32, stripe u8, data. Its hash is in a list that came before
 *   3 hash list: first chunk u32, count u8, k u8, n u8, for each chunk time u32, length u24, flags u8 and n hashes of 16
 *     bytes; signature (64)
 * A whole frame stays below 16 KiB so that WebRTC never splits it (peer.md 7, 13).
 */
export const MAX_PIECE_BYTES = 15 * 1024
export const MAX_STRIPES = 32
export const MAX_STRIPE_FRAME_BYTES = 16 * 1024 - 64
export const SIGNATURE_BYTES = 64
export const LISTED_HASH_BYTES = 16
export const PIECE_HEAD_BYTES = 16
const LENGTH_BYTES = 2

const SIGNED = 1
const LISTED = 2
const LIST = 3

const START = 1
const END = 2
const KEY = 4

/** What is the same for all pieces of a chunk. */
export interface ChunkHead {
  /** Number within the show. */
  chunk: number
  /** Milliseconds from the start of the show (its manifest) to the capture of the newest picture in it. */
  timeMs: number
  /** Bytes of the chunk. */
  length: number
  /** Stripes with data; all stripes. */
  k: number
  n: number
  /** A batch begins here; it ends here; a viewer can begin here. */
  start: boolean
  end: boolean
  key: boolean
}

export interface Piece extends ChunkHead {
  stripe: number
  data: Uint8Array
}

/** The heads and hashes of a group of chunks; `hashes[i]` are those of chunk `first + i`, behind each other by stripe. */
export interface HashList {
  heads: ChunkHead[]
  hashes: Uint8Array[]
}

export type StripeFrame =
  | { type: 'piece'; piece: Piece; signature: Uint8Array }
  | { type: 'listed'; chunk: number; stripe: number; data: Uint8Array }
  /** `signed`: the bytes that the signature covers. */
  | { type: 'list'; list: HashList; signed: Uint8Array; signature: Uint8Array }

/** Bytes of one piece: all data pieces but the last ones have it, parity pieces all. */
export function pieceSize({ length, k }: Pick<ChunkHead, 'length' | 'k'>): number {
  return Math.ceil(length / k)
}

/** Bytes of the piece of one stripe. */
export function pieceLength(head: ChunkHead, stripe: number): number {
  const size = pieceSize(head)
  return stripe >= head.k ? size : Math.max(0, Math.min(size, head.length - stripe * size))
}

function flagsOf({ start, end, key }: ChunkHead): number {
  return (start ? START : 0) | (end ? END : 0) | (key ? KEY : 0)
}

/** The 16 bytes of a piece that say what it is; signed together with the hash of its data. */
export function encodePieceHead(head: ChunkHead, stripe: number): Uint8Array {
  const { chunk, timeMs, length, k, n } = head
  const out = new ByteWriter(PIECE_HEAD_BYTES)
  return out.u32(chunk).u32(timeMs).u24(length).u8(flagsOf(head)).u8(stripe).u8(k).u8(n).u8(0).bytes
}

/** A signed piece as a frame, its length included. */
export function encodeSignedPiece(head: Uint8Array, signature: Uint8Array, data: Uint8Array): Uint8Array {
  const body = 1 + PIECE_HEAD_BYTES + SIGNATURE_BYTES + data.length
  return new ByteWriter(LENGTH_BYTES + body).u16(body).u8(SIGNED).put(head).put(signature).put(data).bytes
}

/** A piece whose hash is in a list, as a frame. */
export function encodeListedPiece(chunk: number, stripe: number, data: Uint8Array): Uint8Array {
  const body = 1 + 4 + 1 + data.length
  return new ByteWriter(LENGTH_BYTES + body).u16(body).u8(LISTED).u32(chunk).u8(stripe).put(data).bytes
}

/** The bytes of a list that are signed. Chunks are numbered through; `k` and `n` are the same in all. */
export function encodeListBody({ heads, hashes }: HashList): Uint8Array {
  const [{ chunk, k, n }] = heads as [ChunkHead]
  const out = new ByteWriter(7 + heads.length * (8 + n * LISTED_HASH_BYTES))
  out.u32(chunk).u8(heads.length).u8(k).u8(n)
  for (const [index, head] of heads.entries()) {
    out.u32(head.timeMs).u24(head.length).u8(flagsOf(head))
    out.put(hashes[index]!)
  }
  return out.bytes
}

/** A signed list as a frame. */
export function encodeList(body: Uint8Array, signature: Uint8Array): Uint8Array {
  const length = 1 + body.length + SIGNATURE_BYTES
  if (length > MAX_STRIPE_FRAME_BYTES) throw new RangeError(`a hash list of ${length} bytes`)
  return new ByteWriter(LENGTH_BYTES + length).u16(length).u8(LIST).put(body).put(signature).bytes
}

/** Parses a frame without its length. Data are views into `bytes`. Throws MeshFault; no signature is checked here. */
export function decodeStripeFrame(bytes: Uint8Array): StripeFrame {
  const reader = new ByteReader(bytes)
  switch (reader.u8()) {
    case SIGNED:
      return decodeSigned(reader)
    case LISTED: {
      const [chunk, stripe] = [reader.u32(), reader.u8()]
      if (stripe >= MAX_STRIPES || reader.left > MAX_PIECE_BYTES) throw new MeshFault('malformed', 'no such piece')
      return { type: 'listed', chunk, stripe, data: reader.bytes(reader.left) }
    }
    case LIST:
      return decodeList(reader, bytes)
    default:
      throw new MeshFault('malformed', 'a frame of no known type')
  }
}

function decodeSigned(reader: ByteReader): StripeFrame {
  const [chunk, timeMs, length, flags] = [reader.u32(), reader.u32(), reader.u24(), reader.u8()]
  const [stripe, k, n, zero] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()]
  const head = headOf(chunk, timeMs, length, flags, k, n)
  if (stripe >= n || zero !== 0) throw new MeshFault('malformed', 'no such stripe')
  const signature = reader.bytes(SIGNATURE_BYTES)
  if (reader.left !== pieceLength(head, stripe)) throw new MeshFault('malformed', 'a piece of another length')
  return { type: 'piece', piece: { ...head, stripe, data: reader.bytes(reader.left) }, signature }
}

function decodeList(reader: ByteReader, bytes: Uint8Array): StripeFrame {
  const [first, count, k, n] = [reader.u32(), reader.u8(), reader.u8(), reader.u8()]
  const heads: ChunkHead[] = []
  const hashes: Uint8Array[] = []
  if (count === 0 || reader.left !== count * (8 + n * LISTED_HASH_BYTES) + SIGNATURE_BYTES) {
    throw new MeshFault('malformed', 'a hash list of another length')
  }
  for (let index = 0; index < count; index++) {
    const [timeMs, length, flags] = [reader.u32(), reader.u24(), reader.u8()]
    heads.push(headOf(first + index, timeMs, length, flags, k, n))
    hashes.push(reader.bytes(n * LISTED_HASH_BYTES))
  }
  const signed = bytes.subarray(1, bytes.length - SIGNATURE_BYTES)
  return { type: 'list', list: { heads, hashes }, signed, signature: reader.bytes(SIGNATURE_BYTES) }
}

function headOf(chunk: number, timeMs: number, length: number, flags: number, k: number, n: number): ChunkHead {
  if (k < 1 || n < k || n > MAX_STRIPES || chunk > 0xffff_ffff) throw new MeshFault('malformed', 'no such stripes')
  if (length < 1 || length > k * MAX_PIECE_BYTES) throw new MeshFault('malformed', `a chunk of ${length} bytes`)
  if (flags > 7 || flags === KEY || flags === (KEY | END)) throw new MeshFault('malformed', 'flags of no meaning')
  return { chunk, timeMs, length, k, n, start: (flags & START) > 0, end: (flags & END) > 0, key: (flags & KEY) > 0 }
}

/** Finds the frames in a stripe stream. Holds at most one frame; what it returns does not alias later input. */
export class StripeFrameReader {
  #rest = new Uint8Array(0)

  /** Takes the next bytes, returns whole frames with their lengths before them. Throws MeshFault for one too long. */
  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = new Uint8Array(this.#rest.length + chunk.length)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.length)
    const frames: Uint8Array[] = []
    let at = 0
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = (bytes[at]! << 8) | bytes[at + 1]!
      if (length < 1 || length > MAX_STRIPE_FRAME_BYTES) throw new MeshFault('malformed', `a frame of ${length} bytes`)
      if (bytes.length - at - LENGTH_BYTES < length) break
      frames.push(bytes.slice(at, at + LENGTH_BYTES + length))
      at += LENGTH_BYTES + length
    }
    this.#rest = bytes.slice(at)
    return frames
  }
}

/** The part of a frame behind its length. */
export function frameBody(frame: Uint8Array): Uint8Array {
  return frame.subarray(LENGTH_BYTES)
}
