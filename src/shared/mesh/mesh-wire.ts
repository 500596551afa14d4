import { ByteReader, MeshFault } from './byte-reader'
import { ByteWriter } from './byte-writer'
import type { LinkMode, MeshMessage } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { MAX_STRIPES } from './piece'

/**
 * [Note: Control frames]
 * What members of a mesh tell each other beside the pieces, in the body of a MESH frame of the live stream: type (u8), body,
 * big endian. 0 receipts, 1, 2 ping and pong and 3 carried are of the data plane; 16 and up are the messages of the decision module
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

/** Far above the largest (a `welcome` of 32 stripes). */
export const MAX_CONTROL_BYTES = 4 * 1024
const MAX_PEER_BYTES = 64

const RECEIPTS = 0
const PING = 1
const PONG = 2
const CARRIED = 3
const FIRST_MESSAGE = 16
const MESSAGES = [
  ...['enter', 'welcome', 'join', 'offer', 'attach', 'accept', 'refuse', 'leave', 'drop', 'move', 'status', 'place'],
  ...['pull', 'deny', 'waiting', 'audit', 'vouch'],
] as MeshMessage<string>['type'][]
const MODES: LinkMode[] = ['serve', 'standby']
const MAX_COUNT = 0xffff_ffff

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
    case 'enter':
      return
    case 'welcome':
      out.u32(clip(message.room)).u8(message.starts.length)
      for (const start of message.starts) writePeer(out, start)
      writeSpare(out, message.spare)
      out.u8(message.members.length)
      for (const member of message.members) writePeer(out, member)
      return
    case 'join':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode)).u16(clip(message.capacity, 0xffff)).f64(message.rank)
      out.u8(clip(message.steps, MESH_LIMITS.steps)).u16(message.ticket & 0xffff)
      writePeer(out, message.who)
      writePeer(out, message.avoid)
      return
    case 'offer':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode)).f64(message.rank).u8(clip(message.depth, 255))
      out.u16(message.ticket & 0xffff).f64(message.below)
      writePeer(out, message.branch)
      writePeer(out, message.grand)
      return
    case 'attach':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode)).f64(message.rank).u16(clip(message.capacity, 0xffff))
      out.u32(message.after + 1)
      return
    case 'accept':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode)).f64(message.rank).u8(clip(message.depth, 255))
      writePeer(out, message.branch)
      writePeer(out, message.grand)
      return
    case 'refuse':
      out.u8(message.stripe).u8(MODES.indexOf(message.mode))
      out.u16(clip(Math.round(message.retryMs), MESH_LIMITS.retryMs)).u16(message.ticket & 0xffff)
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
    case 'status':
      out.u8(message.stripe).f64(message.rank).u16(clip(message.capacity, 0xffff)).u16(clip(message.used, 0xffff))
      out.u8(clip(message.freeDepth, 255)).u32(clip(message.free)).u32(clip(message.freeAll))
      out.u32(clip(message.slotsAll)).u32(clip(message.size)).u16(clip(message.bestCapacity, 0xffff))
      writePeer(out, message.best)
      return
    case 'place':
      out.u8(message.stripe).u8(clip(message.depth, 255)).u32(clip(message.room))
      writePeer(out, message.branch)
      writePeer(out, message.grand)
      writeSpare(out, message.spare)
      return
    case 'pull':
      out.u8(message.stripe).u32(message.from).u32(message.until)
      return
    case 'deny':
      out.u8(message.stripe)
      return
    case 'waiting':
      out.u8(message.stripe).u16(clip(Math.round(message.forMs), 0xffff))
      return
    case 'audit':
    case 'vouch':
      out.u8(message.stripe)
      writePeer(out, message.of)
      if (message.type === 'vouch') out.u8(message.served ? 1 : 0)
  }
}

function readMessage(reader: ByteReader, type: MeshMessage<string>['type']): MeshMessage<string> {
  if (type === 'enter') return { type }
  if (type === 'welcome') {
    const room = reader.u32()
    const starts = Array.from({ length: atMost(reader.u8(), MESH_LIMITS.stripes) }, () => readPeer(reader))
    const spare = readSpare(reader)
    const members = Array.from({ length: atMost(reader.u8(), MESH_LIMITS.members) }, () => needPeer(reader))
    return { type, room, starts, spare, members }
  }
  const stripe = below(reader.u8(), MESH_LIMITS.stripes)
  switch (type) {
    case 'join': {
      const [mode, capacity, rank] = [readMode(reader), reader.u16(), readReal(reader)]
      const [steps, ticket] = [atMost(reader.u8(), MESH_LIMITS.steps), reader.u16()]
      return { type, stripe, who: needPeer(reader), mode, capacity, rank, avoid: readPeer(reader), steps, ticket }
    }
    case 'offer': {
      const [mode, rank, depth, ticket] = [readMode(reader), readReal(reader), reader.u8(), reader.u16()]
      const [below, branch, grand] = [readReal(reader), readPeer(reader), readPeer(reader)]
      return { type, stripe, mode, rank, depth, branch, grand, ticket, below }
    }
    case 'attach': {
      const [mode, rank, capacity, after] = [readMode(reader), readReal(reader), reader.u16(), reader.u32() - 1]
      return { type, stripe, mode, rank, capacity, after }
    }
    case 'accept': {
      const [mode, rank, depth] = [readMode(reader), readReal(reader), reader.u8()]
      return { type, stripe, mode, rank, depth, branch: readPeer(reader), grand: readPeer(reader) }
    }
    case 'refuse':
      return {
        type,
        stripe,
        mode: readMode(reader),
        retryMs: atMost(reader.u16(), MESH_LIMITS.retryMs),
        ticket: reader.u16(),
      }
    case 'leave':
    case 'drop':
      return { type, stripe, mode: readMode(reader) }
    case 'move':
      return { type, stripe, to: needPeer(reader), served: atMost(reader.u8(), 1) === 1 }
    case 'status': {
      const [rank, capacity, used, freeDepth] = [readReal(reader), reader.u16(), reader.u16(), reader.u8()]
      const [free, freeAll, slotsAll, size] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()]
      const [bestCapacity, best] = [reader.u16(), readPeer(reader)]
      return { type, stripe, rank, capacity, used, freeDepth, free, freeAll, slotsAll, size, best, bestCapacity }
    }
    case 'place': {
      const [depth, room, branch, grand] = [reader.u8(), reader.u32(), readPeer(reader), readPeer(reader)]
      return { type, stripe, depth, room, branch, grand, spare: readSpare(reader) }
    }
    case 'pull': {
      const [from, until] = [reader.u32(), reader.u32()]
      if (until < from || until - from >= MESH_LIMITS.range) throw new MeshFault('malformed', 'a range too long')
      return { type, stripe, from, until }
    }
    case 'deny':
      return { type, stripe }
    case 'waiting':
      return { type, stripe, forMs: reader.u16() }
    case 'audit':
      return { type, stripe, of: needPeer(reader) }
    case 'vouch':
      return { type, stripe, of: needPeer(reader), served: atMost(reader.u8(), 1) === 1 }
  }
}

function writeSpare(out: ByteWriter, spare: readonly number[]): void {
  out.u8(spare.length)
  for (const room of spare) out.u8(clip(Math.round(room), 255))
}

function readSpare(reader: ByteReader): number[] {
  return Array.from({ length: atMost(reader.u8(), MESH_LIMITS.stripes) }, () => reader.u8())
}

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
