import { CID } from 'multiformats/cid'
import { MAX_BLOCK_BYTES } from './disk-blocks'
import { isFileCid } from './file-node'

/** Blocks of files by CID. Version 1. */
export const BLOCKS_PROTOCOL = '/we/blocks/1'

/**
 * [Note: Block frames]
 * One long-lived stream from who asks to who serves. A frame: length of the rest (u32, big endian), type (u8), body. Numbers are
 * big endian. Over WebRTC a sender stays below 16 KiB with the library's own head, so that no frame is split; over TCP it
 * fills one message of noise. A receiver takes both, and checks a length before it allocates.
 */
export const WEBRTC_DATA_BYTES = 16 * 1024 - 128
export const TCP_DATA_BYTES = 64 * 1024 - 256
const MAX_FRAME_BYTES = 64 * 1024
const LENGTH_BYTES = 4
const BLOCK_HEAD_BYTES = 13
/** All frames but a block's are this small. */
const MAX_SMALL_BYTES = 96

const TYPE = { have: 1, has: 2, want: 3, block: 4, no: 5, cancel: 6 } as const
export const HOLDINGS = ['none', 'part', 'all'] as const
export type Holding = (typeof HOLDINGS)[number]
const REASONS = ['not-here', 'busy'] as const
export type NoReason = (typeof REASONS)[number]

export type BlockFrame =
  /** Asks whether the file behind a root is there. */
  | { type: 'have'; id: number; cid: CID }
  | { type: 'has'; id: number; holding: Holding }
  | { type: 'want'; id: number; cid: CID }
  | { type: 'no'; id: number; reason: NoReason }
  /** The asker has it from elsewhere: nothing more is sent for `id`. */
  | { type: 'cancel'; id: number }

/** The reader's news: a frame, or a piece of a block as it arrives. */
export interface BlockFrameSink {
  onFrame: (frame: BlockFrame) => void
  /** `data` lies in the transport's buffer: copy it. `total` is at most MAX_BLOCK_BYTES, and the piece fits into it. */
  onData: (id: number, total: number, offset: number, data: Uint8Array) => void
}

export class BlockFrameFault extends Error {}

export function encodeBlockFrame(frame: BlockFrame): Uint8Array {
  const tail =
    'cid' in frame
      ? frame.cid.bytes
      : frame.type === 'has'
        ? Uint8Array.of(HOLDINGS.indexOf(frame.holding))
        : frame.type === 'no'
          ? Uint8Array.of(REASONS.indexOf(frame.reason))
          : new Uint8Array(0)
  const bytes = new Uint8Array(LENGTH_BYTES + 5 + tail.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 5 + tail.length)
  bytes[4] = TYPE[frame.type]
  view.setUint32(5, frame.id)
  bytes.set(tail, 9)
  return bytes
}

/** What goes before a piece of a block. */
export function encodeBlockHead(id: number, total: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES + BLOCK_HEAD_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, BLOCK_HEAD_BYTES + length)
  bytes[4] = TYPE.block
  view.setUint32(5, id)
  view.setUint32(9, total)
  view.setUint32(13, offset)
  return bytes
}

/** Finds frames in a stream of bytes; a block's bytes are passed on as they come, never gathered here. */
export class BlockFrameReader {
  readonly #small = new Uint8Array(LENGTH_BYTES + MAX_SMALL_BYTES)
  readonly #view = new DataView(this.#small.buffer)
  #have = 0
  /** Of the block frame whose data is arriving. */
  #left = 0
  #id = 0
  #total = 0
  #offset = 0

  constructor(private readonly sink: BlockFrameSink) {}

  /** Throws BlockFrameFault; nothing more may be pushed then. */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#left > 0) {
        const length = Math.min(this.#left, chunk.length - at)
        const offset = this.#offset
        this.#offset += length
        this.#left -= length
        this.sink.onData(this.#id, this.#total, offset, chunk.subarray(at, at + length))
        at += length
        continue
      }
      const need = this.#need()
      const length = Math.min(need - this.#have, chunk.length - at)
      this.#small.set(chunk.subarray(at, at + length), this.#have)
      this.#have += length
      at += length
      if (this.#have >= LENGTH_BYTES + 1) this.#look()
    }
  }

  /** How many bytes of the head must be there to go on. */
  #need(): number {
    if (this.#have < LENGTH_BYTES + 1) return LENGTH_BYTES + 1
    if (this.#small[LENGTH_BYTES] === TYPE.block) return LENGTH_BYTES + BLOCK_HEAD_BYTES
    return LENGTH_BYTES + this.#view.getUint32(0)
  }

  #look(): void {
    const length = this.#view.getUint32(0)
    const type = this.#small[LENGTH_BYTES]
    const most = type === TYPE.block ? MAX_FRAME_BYTES : MAX_SMALL_BYTES
    if (length > most || length < (type === TYPE.block ? BLOCK_HEAD_BYTES + 1 : 5)) {
      throw new BlockFrameFault(`a frame of type ${String(type)} with ${length} bytes`)
    }
    if (this.#have < this.#need()) return
    this.#have = 0
    const id = this.#view.getUint32(5)
    if (type !== TYPE.block) {
      this.sink.onFrame(this.#decode(type, id, length))
      return
    }
    const total = this.#view.getUint32(9)
    const offset = this.#view.getUint32(13)
    const data = length - BLOCK_HEAD_BYTES
    if (total > MAX_BLOCK_BYTES || offset + data > total) throw new BlockFrameFault('a piece outside its block')
    this.#id = id
    this.#total = total
    this.#offset = offset
    this.#left = data
  }

  #decode(type: number | undefined, id: number, length: number): BlockFrame {
    const tail = this.#small.slice(LENGTH_BYTES + 5, LENGTH_BYTES + length)
    switch (type) {
      case TYPE.have:
        return { type: 'have', id, cid: cidOf(tail) }
      case TYPE.want:
        return { type: 'want', id, cid: cidOf(tail) }
      case TYPE.has:
        return { type: 'has', id, holding: oneOf(HOLDINGS, tail) }
      case TYPE.no:
        return { type: 'no', id, reason: oneOf(REASONS, tail) }
      case TYPE.cancel:
        return { type: 'cancel', id }
      default:
        throw new BlockFrameFault(`unknown frame type ${String(type)}`)
    }
  }
}

function cidOf(bytes: Uint8Array): CID {
  let cid: CID
  try {
    cid = CID.decode(bytes)
  } catch {
    throw new BlockFrameFault('no CID where one is due')
  }
  if (!isFileCid(cid)) throw new BlockFrameFault('a CID of another form')
  return cid
}

function oneOf<T>(values: readonly T[], tail: Uint8Array): T {
  const value = tail.length === 1 ? values[tail[0]!] : undefined
  if (value === undefined) throw new BlockFrameFault('a value outside its list')
  return value
}
