import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { MAX_ENVELOPE_BYTES } from './entry-limits'
import { EntryRefused } from './entry-refused'
import type { SentEntry } from './log-messages'

/** One piece of mail: an invitation or a change of a large group. */
export const MAX_MAIL_BYTES = 512_000
/** Pieces in one request or answer. */
export const MAIL_AT_ONCE = 100
/** Of the pieces of one request or answer together. */
export const MAIL_BYTES_AT_ONCE = 600_000
/** First entries of logs that go with it: an account's devices. */
export const MAX_GRANTS = 8
const MAX_GRANT_BODY = 2_048
const GRANTS_BYTES = MAX_GRANTS * (MAX_ENVELOPE_BYTES + MAX_GRANT_BODY + 8)
/** Of a request, and of a frame of an answer. */
export const MAX_MAIL_FRAME_BYTES = MAIL_BYTES_AT_ONCE + GRANTS_BYTES + MAIL_AT_ONCE * 8 + 64
/** Of an answer in all: mail of several senders, each with grants. */
export const MAX_MAIL_ANSWER_BYTES = MAIL_BYTES_AT_ONCE + 16 * GRANTS_BYTES + 64 * MAIL_AT_ONCE

/** Requests that a device may make of another one; who asks keeps well below it, and sends more at a time instead. */
export const MAIL_BUDGET = { burst: 60, perSecond: 20 } as const

/**
 * What is asked on `/we/mail/1`: arrays of dag-cbor that begin with a number.
 * - `[0, [mail...], [grant...]]` deliver: to the device that is asked, from the device that asks
 * - `[1, to32, [mail...], [grant...]]` keep: for a device that is not there; from the device that asks
 * - `[2, skip]` fetch: what is kept for the device that asks, without the oldest so many
 * - `[3, [sha2-256 of mail...]]` drop: the device that asks has these on disk
 * - `[4]` waiting: something is kept for the device that is told so
 *
 * Grants are the first entries of the logs of the sender's account, `[envelope, body]`: who has never heard of it can
 * tell by them whom the device acts for.
 */
export type MailRequest =
  | { readonly ask: 'deliver'; readonly mail: readonly Uint8Array[]; readonly grants: readonly SentEntry[] }
  | {
      readonly ask: 'keep'
      readonly to: Uint8Array
      readonly mail: readonly Uint8Array[]
      readonly grants: readonly SentEntry[]
    }
  | { readonly ask: 'fetch'; readonly skip: number }
  | { readonly ask: 'waiting' }
  | { readonly ask: 'drop'; readonly ids: readonly Uint8Array[] }

/** Of each piece of a `deliver`: it is on disk or was refused for good, or it should come again. */
export const DELIVERED = ['taken', 'later'] as const
/** Of each piece of a `keep`: `full` may be offered to another peer, or later. */
export const KEPT = ['kept', 'known', 'full'] as const
export type Delivered = (typeof DELIVERED)[number]
export type Kept = (typeof KEPT)[number]

/** Mail that somebody kept: its sender, by the word of who kept it, and grants with the first piece of each sender. */
export interface FetchedMail {
  readonly from: Uint8Array
  readonly mail: Uint8Array
  readonly grants: readonly SentEntry[]
}

const ASKS = ['deliver', 'keep', 'fetch', 'drop', 'waiting'] as const

export function encodeMailRequest(request: MailRequest): Uint8Array {
  const writer = new CborWriter()
  switch (request.ask) {
    case 'deliver':
      putMail(writer.array(3).uint(0), request.mail)
      putGrants(writer, request.grants)
      break
    case 'keep':
      putMail(writer.array(4).uint(1).byteString(request.to), request.mail)
      putGrants(writer, request.grants)
      break
    case 'drop':
      putMail(writer.array(2).uint(3), request.ids)
      break
    case 'fetch':
      writer.array(2).uint(2).uint(request.skip)
      break
    case 'waiting':
      writer.array(1).uint(4)
  }
  return writer.finish()
}

/** Parts are views of the bytes. Throws EntryRefused for a request outside the format. */
export function readMailRequest(bytes: Uint8Array): MailRequest {
  if (bytes.length > MAX_MAIL_FRAME_BYTES) throw new EntryRefused('oversized', `${bytes.length} bytes`)
  const reader = new CborReader(bytes)
  const fields = reader.array()
  const ask = ASKS[reader.uint()]
  const request = readRequest(reader, ask)
  const expected = { deliver: 3, keep: 4, fetch: 2, drop: 2, waiting: 1 }[request.ask]
  if (fields !== expected) throw new EntryRefused('malformed', `${fields} fields`)
  reader.end()
  return request
}

/** The one frame of the answer to `deliver` or `keep`. */
export function encodeVerdicts<T extends string>(names: readonly T[], verdicts: readonly T[]): Uint8Array {
  const writer = new CborWriter().array(verdicts.length)
  for (const verdict of verdicts) writer.uint(names.indexOf(verdict))
  return writer.finish()
}

/** Throws EntryRefused for an answer of another length or with other words. */
export function readVerdicts<T extends string>(
  names: readonly T[],
  frame: Uint8Array | undefined,
  count: number,
): readonly T[] {
  const reader = new CborReader(frame ?? new Uint8Array())
  if (reader.array() !== count) throw new EntryRefused('malformed', 'an answer about something else')
  const verdicts = Array.from({ length: count }, () => {
    const verdict = names[reader.uint()]
    if (verdict === undefined) throw new EntryRefused('malformed', 'a word that nobody knows')
    return verdict
  })
  reader.end()
  return verdicts
}

/** A frame of the answer to `fetch`: `[from32, mail, [grant...]]`. */
export function encodeFetched({ from, mail, grants }: FetchedMail): Uint8Array {
  return putGrants(new CborWriter().array(3).byteString(from).byteString(mail), grants).finish()
}

/** Parts are views of the frame. Throws EntryRefused for a frame outside the format. */
export function readFetched(frame: Uint8Array): FetchedMail {
  const reader = new CborReader(frame)
  if (reader.array() !== 3) throw new EntryRefused('malformed', 'no kept mail')
  const from = key(reader)
  const mail = reader.byteString(MAX_MAIL_BYTES)
  const grants = readGrants(reader)
  reader.end()
  return { from, mail, grants }
}

/** Grants alone, for whoever keeps mail. */
export function encodeGrantList(grants: readonly SentEntry[]): Uint8Array {
  return putGrants(new CborWriter(), grants).finish()
}

/** Throws EntryRefused. */
export function readGrantList(bytes: Uint8Array): SentEntry[] {
  return readGrants(new CborReader(bytes))
}

function readRequest(reader: CborReader, ask: (typeof ASKS)[number] | undefined): MailRequest {
  switch (ask) {
    case 'deliver':
      return { ask, mail: readMail(reader), grants: readGrants(reader) }
    case 'keep':
      return { ask, to: key(reader), mail: readMail(reader), grants: readGrants(reader) }
    case 'drop': {
      const ids = list(reader, MAIL_AT_ONCE, () => key(reader))
      return { ask, ids }
    }
    case 'fetch':
      return { ask, skip: reader.uint() }
    case 'waiting':
      return { ask }
    case undefined:
      throw new EntryRefused('malformed', 'a request that nobody knows')
  }
}

function putMail(writer: CborWriter, mail: readonly Uint8Array[]): void {
  writer.array(mail.length)
  for (const piece of mail) writer.byteString(piece)
}

function readMail(reader: CborReader): Uint8Array[] {
  let left = MAIL_BYTES_AT_ONCE
  return list(reader, MAIL_AT_ONCE, () => {
    const piece = reader.byteString(Math.min(MAX_MAIL_BYTES, left))
    if (piece.length === 0) throw new EntryRefused('malformed', 'an empty piece')
    left -= piece.length
    return piece
  })
}

function putGrants(writer: CborWriter, grants: readonly SentEntry[]): CborWriter {
  const whole = grants.filter(({ body }) => body !== null && body.length <= MAX_GRANT_BODY).slice(0, MAX_GRANTS)
  writer.array(whole.length)
  for (const { envelope, body } of whole) writer.array(2).byteString(envelope).byteString(body!)
  return writer
}

function readGrants(reader: CborReader): SentEntry[] {
  return list(reader, MAX_GRANTS, () => {
    if (reader.array() !== 2) throw new EntryRefused('malformed', 'not an envelope and a body')
    return { envelope: reader.byteString(MAX_ENVELOPE_BYTES), body: reader.byteString(MAX_GRANT_BODY) }
  })
}

function list<T>(reader: CborReader, most: number, read: () => T): T[] {
  const count = reader.array()
  if (count > most) throw new EntryRefused('oversized', `a list of ${count}`)
  const items: T[] = []
  while (items.length < count) items.push(read())
  return items
}

function key(reader: CborReader): Uint8Array {
  const bytes = reader.byteString(32)
  if (bytes.length !== 32) throw new EntryRefused('malformed', `${bytes.length} bytes in place of 32`)
  return bytes
}
