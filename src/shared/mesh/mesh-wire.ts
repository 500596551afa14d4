import { ByteReader, MeshFault } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { BLAMES, type Assign, type LinkMode, type MeshMessage, type Report } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { MAX_STRIPES } from './piece'

/**
 * [Note: Control frames]
 * What members of a mesh tell each other beside the pieces, in the body of a MESH frame of the live stream: type (u8), body,
 * big endian. 0 receipts, 1, 2 ping and pong and 3 carried are of the data plane; 28 and up are the messages of the decision module
 * (mesh-message.ts). Peers are their ids behind their length (u8), 0 for nobody.
 */
export type ControlFrame =
  /** To a parent: what of a stripe came since the last time. */
  | { type: 'receipts'; receipts: { stripe: number; pieces: number; late: number }[] }
  | { type: 'ping'; token: number }
  | { type: 'pong'; token: number }
  /** The mesh brings me the show and its records (or no longer does); they need not be announced. */
  | { type: 'carried'; on: boolean }
  | { type: 'message'; message: MeshMessage<string> }

/** Above the largest (an `assign` of 16 places). */
export const MAX_CONTROL_BYTES = 4 * 1024
const MAX_PEER_BYTES = 64

const RECEIPTS = 0
const PING = 1
const PONG = 2
const CARRIED = 3
/** 16 to 27 were messages of an older way of joining. */
const FIRST_MESSAGE = 28
const MESSAGES: MeshMessage<string>['type'][] = [
  ...(['report', 'assign', 'redirect', 'attach', 'accept', 'refuse', 'leave', 'drop'] as const),
  ...(['move', 'pull', 'deny', 'waiting', 'audit', 'vouch'] as const),
]
const MODES: LinkMode[] = ['serve', 'standby']
const MAX_COUNT = 0xffff_ffff
const MOST_BLAMES = MESH_LIMITS.blames

/** The bytes of a control frame. Numbers are brought into their ranges. */
export function encodeControl(frame: ControlFrame): Uint8Array {
  const out = new ByteWriter(MAX_CONTROL_BYTES)
  if (frame.type === 'receipts') {
    const receipts = frame.receipts.slice(0, MAX_STRIPES)
    out.u8(RECEIPTS).u8(receipts.length)
    for (const { stripe, pieces, late } of receipts) out.u8(stripe).u16(clip(pieces, 0xffff)).u16(clip(late, 0xffff))
  } else if (frame.type === 'message') {
    out.u8(FIRST_MESSAGE + MESSAGES.indexOf(frame.message.type))
    writeMessage(out, frame.message)
  } else if (frame.type === 'carried') out.u8(CARRIED).u8(frame.on ? 1 : 0)
  else out.u8(frame.type === 'ping' ? PING : PONG).u32(frame.token)
  return out.bytes.slice(0, out.length)
}

/** Reads a control frame; null for a message of a newer member that is not known here. Throws MeshFault. */
export function decodeControl(bytes: Uint8Array): ControlFrame | null {
  const reader = new ByteReader(bytes)
  const type = reader.u8()
  let frame: ControlFrame
  if (type === RECEIPTS) {
    const receipts = Array.from({ length: atMost(reader.u8(), MAX_STRIPES) }, () => ({
      stripe: below(reader.u8(), MAX_STRIPES),
      pieces: reader.u16(),
      late: reader.u16(),
    }))
    frame = { type: 'receipts', receipts }
  } else if (type === PING || type === PONG) frame = { type: type === PING ? 'ping' : 'pong', token: reader.u32() }
  else if (type === CARRIED) frame = { type: 'carried', on: below(reader.u8(), 2) === 1 }
  else {
    const name = MESSAGES[type - FIRST_MESSAGE]
    if (name === undefined) return null
    frame = { type: 'message', message: readMessage(reader, name) }
  }
  reader.end()
  return frame
}

function writeMessage(out: ByteWriter, message: MeshMessage<string>): void {
  switch (message.type) {
    case 'report':
      writeReport(out, message)
      return
    case 'assign':
      writeAssign(out, message)
      return
    case 'redirect':
      writePeers(out, message.to)
      return
    case 'attach':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode)).f64(message.rank).u16(clip(message.capacity, 0xffff))
      out.u32(message.after + 1)
      writePeer(out, message.displaces)
      writePeer(out, message.to)
      return
    case 'accept':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode)).f64(message.rank).u8(clip(message.depth, 255))
      out.f64(message.below)
      return
    case 'refuse':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode))
      out.u16(clip(Math.round(message.retryMs), MESH_LIMITS.retryMs))
      return
    case 'leave':
    case 'drop':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode))
      return
    case 'move':
      out.u8(message.stripe)
      writePeer(out, message.to)
      out.u8(message.served ? 1 : 0)
      return
    case 'pull':
      out.u8(message.stripe).u32(message.from).u32(message.until)
      return
    case 'deny':
    case 'audit':
      out.u8(message.stripe)
      return
    case 'waiting':
      out.u8(message.stripe).u16(clip(Math.round(message.forMs), 0xffff))
      return
    case 'vouch':
      out
        .u8(message.stripe)
        .u8(message.served ? 1 : 0)
        .u16(clip(message.slots, 0xffff))
  }
}

function writeReport(out: ByteWriter, { slots, lacking, moved, blame, gone }: Report<string>): void {
  out.u16(clip(slots, 0xffff)).u8(gone ? 1 : 0)
  const [lacks, moves, blames] = [
    lacking.slice(0, MAX_STRIPES),
    moved.slice(0, MAX_STRIPES),
    blame.slice(0, MOST_BLAMES),
  ]
  out.u8(lacks.length)
  for (const { stripe, rank } of lacks) out.u8(stripe).f64(rank)
  out.u8(moves.length)
  for (const { stripe, parent } of moves) writePeer(out.u8(stripe), parent)
  out.u8(blames.length)
  for (const { stripe, peer, why } of blames) writePeer(out.u8(stripe).u8(BLAMES.indexOf(why)), peer)
}

function readReport(reader: ByteReader): Report<string> {
  const [slots, gone] = [reader.u16(), readFlag(reader)]
  const lacking = list(reader, MESH_LIMITS.stripes, () => ({ stripe: readStripe(reader), rank: readReal(reader) }))
  const moved = list(reader, MESH_LIMITS.stripes, () => ({ stripe: readStripe(reader), parent: needPeer(reader) }))
  const blame = list(reader, MOST_BLAMES, () => ({
    stripe: readStripe(reader),
    why: BLAMES[below(reader.u8(), BLAMES.length)]!,
    peer: needPeer(reader),
  }))
  return { type: 'report', slots, lacking, moved, blame, gone }
}

function writeAssign(out: ByteWriter, { room, places, others }: Assign<string>): void {
  out.u32(clip(room)).u8(Math.min(places.length, MESH_LIMITS.places))
  for (const { stripe, parent, standby, inner, displaces, to } of places.slice(0, MESH_LIMITS.places)) {
    out.u8(stripe).u8(inner ? 1 : 0)
    for (const peer of [parent, standby, displaces, to]) writePeer(out, peer)
  }
  writePeers(out, others)
}

function readAssign(reader: ByteReader): Assign<string> {
  const room = reader.u32()
  const places = list(reader, MESH_LIMITS.places, () => {
    const [stripe, inner] = [readStripe(reader), readFlag(reader)]
    const [parent, standby] = [readPeer(reader), readPeer(reader)]
    return { stripe, parent, standby, inner, displaces: readPeer(reader), to: readPeer(reader) }
  })
  return { type: 'assign', room, places, others: readPeers(reader) }
}

function readMessage(reader: ByteReader, type: MeshMessage<string>['type']): MeshMessage<string> {
  switch (type) {
    case 'report':
      return readReport(reader)
    case 'assign':
      return readAssign(reader)
    case 'redirect':
      return { type, to: readPeers(reader) }
    default:
      return readOfStripe(reader, type, readStripe(reader))
  }
}

function readOfStripe(
  reader: ByteReader,
  type: Exclude<MeshMessage<string>['type'], 'report' | 'assign' | 'redirect'>,
  stripe: number,
): MeshMessage<string> {
  switch (type) {
    case 'attach': {
      const [mode, rank, capacity, after] = [readMode(reader), readReal(reader), reader.u16(), reader.u32() - 1]
      return { type, stripe, mode, rank, capacity, after, displaces: readPeer(reader), to: readPeer(reader) }
    }
    case 'accept': {
      const [mode, rank, depth] = [readMode(reader), readReal(reader), reader.u8()]
      return { type, stripe, mode, rank, depth, below: readReal(reader) }
    }
    case 'refuse':
      return { type, stripe, mode: readMode(reader), retryMs: atMost(reader.u16(), MESH_LIMITS.retryMs) }
    case 'leave':
    case 'drop':
      return { type, stripe, mode: readMode(reader) }
    case 'move':
      return { type, stripe, to: needPeer(reader), served: readFlag(reader) }
    case 'pull': {
      const [from, until] = [reader.u32(), reader.u32()]
      if (until < from || until - from >= MESH_LIMITS.range) throw new MeshFault('malformed', 'a range too long')
      return { type, stripe, from, until }
    }
    case 'deny':
    case 'audit':
      return { type, stripe }
    case 'waiting':
      return { type, stripe, forMs: reader.u16() }
    case 'vouch':
      return { type, stripe, served: readFlag(reader), slots: reader.u16() }
  }
}

function list<T>(reader: ByteReader, most: number, read: () => T): T[] {
  return Array.from({ length: atMost(reader.u8(), most) }, read)
}

function writePeers(out: ByteWriter, peers: readonly string[]): void {
  out.u8(Math.min(peers.length, MESH_LIMITS.members))
  for (const peer of peers.slice(0, MESH_LIMITS.members)) writePeer(out, peer)
}

const readPeers = (reader: ByteReader): string[] => list(reader, MESH_LIMITS.members, () => needPeer(reader))
const readStripe = (reader: ByteReader): number => below(reader.u8(), MESH_LIMITS.stripes)
const readFlag = (reader: ByteReader): boolean => atMost(reader.u8(), 1) === 1

function writePeer(out: ByteWriter, peer: string | null): void {
  const text = peer ?? ''
  out.u8(text.length)
  for (let at = 0; at < text.length; at++) out.u8(text.charCodeAt(at) & 0x7f)
}

function readPeer(reader: ByteReader): string | null {
  const length = atMost(reader.u8(), MAX_PEER_BYTES)
  return length === 0 ? null : String.fromCharCode(...reader.bytes(length))
}

function needPeer(reader: ByteReader): string {
  const peer = readPeer(reader)
  if (peer === null) throw new MeshFault('malformed', 'nobody where a peer is due')
  return peer
}

function readMode(reader: ByteReader): LinkMode {
  return MODES[atMost(reader.u8(), 1)]!
}

/** Ranks: finite and not negative. */
function readReal(reader: ByteReader): number {
  const value = reader.f64()
  if (!(value >= 0 && value <= 1e12)) throw new MeshFault('malformed', 'a number outside its range')
  return value
}

function atMost(value: number, limit: number): number {
  if (value > limit) throw new MeshFault('malformed', `${value} where at most ${limit} is allowed`)
  return value
}

function below(value: number, limit: number): number {
  return atMost(value, limit - 1)
}

function clip(value: number, limit = MAX_COUNT): number {
  return Math.max(0, Math.min(limit, Math.floor(value)))
}
