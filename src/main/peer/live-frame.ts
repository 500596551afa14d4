import { CID } from 'multiformats/cid'
import { CID_BYTES, DAG_CBOR_CODEC, isContentCid, RAW_CODEC } from '@shared/live/content-cid'
import { MAX_RECORD_BYTES } from '@shared/live/segment-record'
import { MAX_MANIFEST_BYTES } from '@shared/live/show-manifest'
import { MAX_CONTROL_BYTES } from '@shared/mesh/mesh-wire'
import type { Holds } from './holds'

/** The live protocol of peer.md 13. Version 2: segments have renditions. */
export const LIVE_PROTOCOL = '/we/live/1'
export const LIVE_VERSION = 2

/**
 * [Note: Live frames]
 * One long-lived stream per peer and show carries frames: length of the rest (u32, big endian), type (u8), body. A whole
 * frame stays below 16 KiB with WebRTC's own head, so that WebRTC never splits one; the length is checked before
 * anything is allocated. Numbers are big endian, CIDs are their 36 bytes.
 */
export const MAX_FRAME_BYTES = 16 * 1024 - 64
const LENGTH_BYTES = 4
/** What is left of a frame for the data of one BLOCK: the limit less length, type, id and offset. */
export const MAX_BLOCK_DATA = MAX_FRAME_BYTES - LENGTH_BYTES - 1 - 8
export const MAX_PEERS_ENTRIES = 16
const MAX_ADDRESS_BYTES = 256

const TYPE = {
  hello: 1,
  manifest: 2,
  latest: 3,
  announce: 4,
  want: 5,
  block: 6,
  no: 7,
  cancel: 8,
  peers: 9,
  bye: 10,
  mesh: 11,
} as const

const ROLES = ['viewer', 'broadcaster'] as const
export type LiveRole = (typeof ROLES)[number]

/** Why a WANT is not answered with a block. */
const NO_REASONS = ['not-here', 'busy'] as const
export type NoReason = (typeof NO_REASONS)[number]

/** Why a stream is closed. `full`: ask the others (a PEERS frame came before). */
const BYE_REASONS = ['closing', 'unknown-show', 'full', 'refused', 'duplicate', 'ended', 'other-version'] as const
export type ByeReason = (typeof BYE_REASONS)[number]

/** A signed record, and what of its segment the sender holds and serves. */
export interface HeldRecord {
  record: Uint8Array
  holds: Holds
}

export type LiveFrame =
  /** First in each direction: which show this stream is about. */
  | { type: 'hello'; version: number; role: LiveRole; show: CID }
  /** The signed manifest; its hash is the show's CID. */
  | { type: 'manifest'; bytes: Uint8Array }
  /** Signed records of the window, newest first, so that a newcomer can start at once; several frames when one does not hold them. */
  | { type: 'latest'; records: HeldRecord[] }
  /** A signed record whose segment the sender holds, in at least one rendition; again when it holds another one, too. */
  | ({ type: 'announce' } & HeldRecord)
  /** Asks for the bytes behind a CID; `id` is the asker's, for the answers. */
  | { type: 'want'; id: number; cid: CID }
  | { type: 'block'; id: number; offset: number; data: Uint8Array }
  | { type: 'no'; id: number; reason: NoReason }
  /** The asker no longer needs it: nothing more is sent for `id`. */
  | { type: 'cancel'; id: number }
  /** Multiaddrs (with peer id) of other viewers of the show. */
  | { type: 'peers'; addresses: string[] }
  | { type: 'bye'; reason: ByeReason }
  /** What members of the mesh tell each other: `[Note: Control frames]`. */
  | { type: 'mesh'; body: Uint8Array }

/** Bytes that are no frame of this protocol; the stream is ended, since its borders are lost. */
export class FrameFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FrameFault'
  }
}

/** One frame as the bytes to send, length included. Throws RangeError when a part does not fit its limit. */
export function encodeFrame(frame: LiveFrame): Uint8Array {
  const body = encodeBody(frame)
  const total = LENGTH_BYTES + 1 + body.length
  if (total > MAX_FRAME_BYTES) throw new RangeError(`a ${frame.type} frame of ${total} bytes`)
  const bytes = new Uint8Array(total)
  new DataView(bytes.buffer).setUint32(0, 1 + body.length)
  bytes[LENGTH_BYTES] = TYPE[frame.type]
  bytes.set(body, LENGTH_BYTES + 1)
  return bytes
}

function encodeBody(frame: LiveFrame): Uint8Array {
  switch (frame.type) {
    case 'hello':
      return join([Uint8Array.of(frame.version, ROLES.indexOf(frame.role)), frame.show.bytes])
    case 'manifest':
      return frame.bytes
    case 'latest':
      return join(frame.records.flatMap(({ record, holds }) => [u16(1 + record.length), Uint8Array.of(holds), record]))
    case 'announce':
      return join([Uint8Array.of(frame.holds), frame.record])
    case 'want':
      return join([u32(frame.id), frame.cid.bytes])
    case 'block':
      return join([u32(frame.id), u32(frame.offset), frame.data])
    case 'no':
      return join([u32(frame.id), Uint8Array.of(NO_REASONS.indexOf(frame.reason))])
    case 'cancel':
      return u32(frame.id)
    case 'peers': {
      const texts = frame.addresses.map((address) => new TextEncoder().encode(address))
      return join(texts.flatMap((text) => [u16(text.length), text]))
    }
    case 'mesh':
      return frame.body
    case 'bye':
      return Uint8Array.of(BYE_REASONS.indexOf(frame.reason))
  }
}

/** Parses one frame without its length (type and body). Throws FrameFault. */
export function decodeFrame(bytes: Uint8Array): LiveFrame {
  const body = bytes.subarray(1)
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  switch (bytes[0]) {
    case TYPE.hello:
      requireLength(body, 2 + CID_BYTES)
      return { type: 'hello', version: body[0]!, role: oneOf(ROLES, body[1]), show: cidAt(body, 2, DAG_CBOR_CODEC) }
    case TYPE.manifest:
      return { type: 'manifest', bytes: copyAtMost(body, MAX_MANIFEST_BYTES) }
    case TYPE.latest:
      return { type: 'latest', records: splitList(body, 1 + MAX_RECORD_BYTES, MAX_FRAME_BYTES).map(heldRecord) }
    case TYPE.announce:
      return { type: 'announce', ...heldRecord(copyAtMost(body, 1 + MAX_RECORD_BYTES)) }
    case TYPE.want:
      requireLength(body, 4 + CID_BYTES)
      return { type: 'want', id: view.getUint32(0), cid: cidAt(body, 4, RAW_CODEC) }
    case TYPE.block:
      if (body.length <= 8) throw new FrameFault('a block frame without data')
      return { type: 'block', id: view.getUint32(0), offset: view.getUint32(4), data: body.subarray(8) }
    case TYPE.no:
      requireLength(body, 5)
      return { type: 'no', id: view.getUint32(0), reason: oneOf(NO_REASONS, body[4]) }
    case TYPE.cancel:
      requireLength(body, 4)
      return { type: 'cancel', id: view.getUint32(0) }
    case TYPE.peers:
      return { type: 'peers', addresses: splitList(body, MAX_ADDRESS_BYTES, MAX_PEERS_ENTRIES).map(utf8) }
    case TYPE.mesh:
      return { type: 'mesh', body: copyAtMost(body, MAX_CONTROL_BYTES) }
    case TYPE.bye:
      requireLength(body, 1)
      return { type: 'bye', reason: oneOf(BYE_REASONS, body[0]) }
    default:
      throw new FrameFault(`unknown frame type ${bytes[0] ?? 'none'}`)
  }
}

/** Packs signed records, in the given order, into as few LATEST frames as hold them. */
export function latestFrames(records: readonly HeldRecord[]): LiveFrame[] {
  const frames: LiveFrame[] = []
  let batch: HeldRecord[] = []
  let size = 0
  for (const record of records) {
    const length = 3 + record.record.length
    if (size + length > MAX_FRAME_BYTES - LENGTH_BYTES - 1) {
      frames.push({ type: 'latest', records: batch })
      batch = []
      size = 0
    }
    batch.push(record)
    size += length
  }
  if (batch.length > 0) frames.push({ type: 'latest', records: batch })
  return frames
}

/** Finds the frames in a stream of bytes. Holds at most one frame; what it returns does not alias later input. */
export class FrameReader {
  #rest = new Uint8Array(0)

  /** Takes the next bytes, returns the frames they complete. Throws FrameFault; nothing more may be pushed then. */
  push(chunk: Uint8Array): LiveFrame[] {
    const bytes = this.#rest.length === 0 ? chunk : join([this.#rest, chunk])
    const frames: LiveFrame[] = []
    let at = 0
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at, LENGTH_BYTES).getUint32(0)
      if (length < 1 || length > MAX_FRAME_BYTES - LENGTH_BYTES) throw new FrameFault(`a frame of ${length} bytes`)
      if (bytes.length - at - LENGTH_BYTES < length) break
      frames.push(decodeFrame(bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length)))
      at += LENGTH_BYTES + length
    }
    this.#rest = bytes.slice(at)
    return frames
  }

  /** Bytes of an unfinished frame; not 0 at the end of a stream means that it was cut. */
  get pending(): number {
    return this.#rest.length
  }
}

function requireLength(body: Uint8Array, length: number): void {
  if (body.length !== length) throw new FrameFault(`a body of ${body.length} bytes where ${length} are due`)
}

/** A copy, since the buffer of the transport may be large and the record is kept. */
function copyAtMost(body: Uint8Array, limit: number): Uint8Array {
  if (body.length === 0 || body.length > limit) throw new FrameFault(`${body.length} bytes where 1 to ${limit} are due`)
  return body.slice()
}

function heldRecord(bytes: Uint8Array): HeldRecord {
  if (bytes.length < 2) throw new FrameFault('no record where one is due')
  return { holds: bytes[0]!, record: bytes.subarray(1) }
}

function splitList(body: Uint8Array, maxBytes: number, maxEntries: number): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const entries: Uint8Array[] = []
  for (let at = 0; at < body.length;) {
    if (entries.length === maxEntries) throw new FrameFault(`more than ${maxEntries} entries`)
    if (body.length - at < 2) throw new FrameFault('a cut list')
    const length = view.getUint16(at)
    if (length > body.length - at - 2) throw new FrameFault('a cut list')
    entries.push(copyAtMost(body.subarray(at + 2, at + 2 + length), maxBytes))
    at += 2 + length
  }
  return entries
}

function cidAt(body: Uint8Array, at: number, codec: number): CID {
  let cid: CID
  try {
    cid = CID.decode(body.slice(at, at + CID_BYTES))
  } catch {
    throw new FrameFault('no CID where one is due')
  }
  if (!isContentCid(cid, codec)) throw new FrameFault('a CID of another form')
  return cid
}

function oneOf<T>(values: readonly T[], index: number | undefined): T {
  const value = index === undefined ? undefined : values[index]
  if (value === undefined) throw new FrameFault('a value outside its list')
  return value
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FrameFault('no UTF-8 text')
  }
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff)
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

function join(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
