import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { MAX_BODY_BYTES, MAX_ENVELOPE_BYTES } from './entry-limits'
import { EntryRefused } from './entry-refused'
import type { SentEntry } from './log-messages'

/** On the topic of a room. A larger one is only told of, and asked for. */
export const MAX_TALK_BYTES = 12 * 1024
/** What an answer may carry in one message: a `room` entry may be large. */
export const MAX_ROOM_MESSAGE_BYTES = 44 * 1024
export const MAX_EXTRAS = 2

/**
 * What travels in a room: an ordinary entry, the `key.grant` entry of its device, so that who hears of the device for
 * the first time can tell its account, and other entries of that device that say more of its author: `profile`, and
 * `follow` where only followers may write.
 */
export interface RoomMessage {
  readonly entry: SentEntry
  readonly grant: SentEntry
  readonly extras: readonly SentEntry[]
}

/** dag-cbor array of `[envelope, body | null]`: the entry, the grant, the others. */
export function encodeRoomMessage({ entry, grant, extras }: RoomMessage): Uint8Array {
  const writer = new CborWriter().array(2 + extras.length)
  for (const { envelope, body } of [entry, grant, ...extras]) {
    writer.array(2).byteString(envelope)
    if (body === null) writer.null()
    else writer.byteString(body)
  }
  return writer.finish()
}

/** Entries are views of the bytes. Throws EntryRefused `oversized`, `malformed` or `not-canonical`. */
export function readRoomMessage(bytes: Uint8Array): RoomMessage {
  if (bytes.length > MAX_ROOM_MESSAGE_BYTES) throw new EntryRefused('oversized', `a message of ${bytes.length} bytes`)
  const reader = new CborReader(bytes)
  const count = reader.array()
  if (count < 2 || count > 2 + MAX_EXTRAS) throw new EntryRefused('malformed', `${count} entries in a message`)
  const entries: SentEntry[] = []
  for (let at = 0; at < count; at++) {
    if (reader.array() !== 2) throw new EntryRefused('malformed', 'not an envelope and a body')
    const envelope = reader.byteString(MAX_ENVELOPE_BYTES)
    entries.push({ envelope, body: reader.isNull() ? null : reader.byteString(MAX_BODY_BYTES) })
  }
  reader.end()
  const [entry, grant, ...extras] = entries as [SentEntry, SentEntry, ...SentEntry[]]
  return { entry, grant, extras }
}
