import { decode, encode } from '@ipld/dag-cbor'
import { z } from 'zod'
import { RoomName } from './bodies/rooms'
import { TimeMs } from './body-fields'
import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { EntryRefused } from './entry-refused'
import { MAX_ROOM_MESSAGE_BYTES } from './room-message'

/** Lines in one answer; the records of those who keep the room come on top. */
export const MAX_HISTORY = 200
export const MAX_ROOM_REQUEST_BYTES = 256
const FRAME_MESSAGES = 50
export const MAX_ROOM_FRAME_BYTES = 256 * 1024
/** Frames and bytes of one answer. */
export const MAX_ROOM_FRAMES = 40
export const MAX_ROOM_ANSWER_BYTES = 2 * 1024 * 1024

/**
 * Asked on `/we/room/1`: the newest `limit` lines of room `r` that are dated before `before`; null: of all. `lists`: with
 * the lists of whom to keep out, which may be large.
 */
const RoomRequest = z.strictObject({
  r: RoomName,
  before: TimeMs.nullable(),
  limit: z.int().min(0).max(MAX_HISTORY),
  lists: z.literal(true).optional(),
})
export type RoomRequest = z.infer<typeof RoomRequest>

export function encodeRoomRequest(request: RoomRequest): Uint8Array {
  return encode(request)
}

/** Null for bytes that are no request. */
export function readRoomRequest(bytes: Uint8Array): RoomRequest | null {
  if (bytes.length > MAX_ROOM_REQUEST_BYTES) return null
  try {
    return RoomRequest.parse(decode(bytes))
  } catch {
    return null
  }
}

/** Frames of an answer: dag-cbor arrays of messages; what does not fit the limits is left out. */
export function encodeRoomAnswer(messages: readonly Uint8Array[]): Uint8Array[] {
  const frames: Uint8Array[] = []
  let total = 0
  let some: Uint8Array[] = []
  let size = 0
  const flush = (): void => {
    if (some.length === 0) return
    const writer = new CborWriter().array(some.length)
    for (const message of some) writer.byteString(message)
    frames.push(writer.finish())
    some = []
    size = 0
  }
  for (const message of messages) {
    const cost = message.length + 8
    if (total + cost > MAX_ROOM_ANSWER_BYTES - 4_096) break
    if (some.length === FRAME_MESSAGES || size + cost > MAX_ROOM_FRAME_BYTES - 64) flush()
    if (frames.length === MAX_ROOM_FRAMES) break
    some.push(message)
    size += cost
    total += cost
  }
  if (frames.length < MAX_ROOM_FRAMES) flush()
  return frames
}

/** Messages are views of the frame. Throws EntryRefused for a frame outside the format. */
export function readRoomFrame(frame: Uint8Array): Uint8Array[] {
  const reader = new CborReader(frame)
  const count = reader.array()
  if (count > FRAME_MESSAGES) throw new EntryRefused('oversized', `${count} messages in a frame`)
  const messages: Uint8Array[] = []
  for (let at = 0; at < count; at++) messages.push(reader.byteString(MAX_ROOM_MESSAGE_BYTES))
  reader.end()
  return messages
}
