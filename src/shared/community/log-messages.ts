import { decode, encode } from '@ipld/dag-cbor'
import { z } from 'zod'
import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { MAX_BODY_BYTES, MAX_ENTRY_NUMBER, MAX_ENVELOPE_BYTES } from './entry-limits'
import { EntryRefused } from './entry-refused'

/** Entries in one frame of an answer. */
export const FRAME_ENTRIES = 200
/** 200 entries with the largest bodies fit. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024
export const MAX_REQUEST_BYTES = 128
/** Entries in one answer. */
export const MAX_RANGE = 2_000
/** Frames and bytes of one answer. */
export const MAX_ANSWER_FRAMES = MAX_RANGE / FRAME_ENTRIES
export const MAX_ANSWER_BYTES = MAX_FRAME_BYTES
/** Devices of one account that an answer names. */
export const MAX_DEVICES = 32

const bytes = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length)

/**
 * What is asked on `/we/log/1`, dag-cbor.
 * - `{a, from, limit, bodies}`: entries of the log of device `a` from number `from` on, or the newest when it is null
 * - `{of}`: of every device of an account the first and the newest entry, and all entries that grant or revoke one
 */
const RangeRequest = z.strictObject({
  a: bytes(32),
  from: z.int().min(0).max(MAX_ENTRY_NUMBER).nullable(),
  limit: z.int().min(1).max(MAX_RANGE),
  bodies: z.boolean(),
})
const AccountRequest = z.strictObject({ of: bytes(20) })
const LogRequest = z.union([RangeRequest, AccountRequest])
export type RangeRequest = z.infer<typeof RangeRequest>
export type LogRequest = z.infer<typeof LogRequest>

export function encodeLogRequest(request: LogRequest): Uint8Array {
  return encode(request)
}

/** Null for bytes that are no request. */
export function readLogRequest(request: Uint8Array): LogRequest | null {
  if (request.length > MAX_REQUEST_BYTES) return null
  try {
    return LogRequest.parse(decode(request))
  } catch {
    return null
  }
}

/** An entry on the wire; the body is null when it was withdrawn, ran out or was not asked for. */
export interface SentEntry {
  readonly envelope: Uint8Array
  readonly body: Uint8Array | null
}

/** Frames of an answer: dag-cbor arrays of `[envelope, body | null]`, as many entries as fit the limits. */
export function encodeAnswer(entries: readonly SentEntry[]): Uint8Array[] {
  const frames: Uint8Array[] = []
  let total = 0
  for (let at = 0; at < entries.length && frames.length < MAX_ANSWER_FRAMES; at += FRAME_ENTRIES) {
    const some = entries.slice(at, at + FRAME_ENTRIES)
    const sizes = some.map(({ envelope, body }) => envelope.length + (body?.length ?? 0) + 12)
    let count = 0
    while (count < some.length && total + sizes[count]! <= MAX_ANSWER_BYTES - 16) total += sizes[count++]!
    if (count === 0) break
    const writer = new CborWriter().array(count)
    for (const { envelope, body } of some.slice(0, count)) {
      writer.array(2).byteString(envelope)
      if (body === null) writer.null()
      else writer.byteString(body)
    }
    frames.push(writer.finish())
    if (count < some.length) break
  }
  return frames
}

/** Entries are views of the frame. Throws EntryRefused for a frame outside the format. */
export function readAnswerFrame(frame: Uint8Array): SentEntry[] {
  const reader = new CborReader(frame)
  const count = reader.array()
  if (count > FRAME_ENTRIES) throw new EntryRefused('oversized', `${count} entries in a frame`)
  const entries: SentEntry[] = []
  for (let at = 0; at < count; at++) {
    if (reader.array() !== 2) throw new EntryRefused('malformed', 'not an envelope and a body')
    const envelope = reader.byteString(MAX_ENVELOPE_BYTES)
    entries.push({ envelope, body: reader.isNull() ? null : reader.byteString(MAX_BODY_BYTES) })
  }
  reader.end()
  return entries
}
