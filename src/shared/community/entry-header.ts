import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { DIGEST_BYTES, digestOfCid, entryCid } from './entry-id'
import {
  MAX_BODY_BYTES,
  MAX_ENTRY_NUMBER,
  MAX_HEADER_BYTES,
  MAX_KIND_LENGTH,
  MAX_REPLACE_KEY_LENGTH,
} from './entry-limits'
import { EntryRefused } from './entry-refused'

const VERSION = 1
const REQUIRED_FIELDS = 8
export const KIND = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*$/

/** What a device signs about one of its account's acts. */
export interface EntryHeader {
  /** Ed25519 public key, 32 bytes. */
  readonly device: Uint8Array
  /** Number in the log of the device, from 0. */
  readonly n: number
  /** sha2-256 of the envelope with the number n - 1; null for the first. */
  readonly prev: Uint8Array | null
  /** The author's clock, Unix milliseconds. */
  readonly t: number
  readonly kind: string
  /** sha2-256 of the body. */
  readonly bodyHash: Uint8Array
  /** Bytes of the body. */
  readonly bodySize: number
  /** Unix milliseconds after which the body is dropped. */
  readonly expires?: number
  /** Of entries with the same account, kind and key the newest (t, n, device) holds. */
  readonly replaceKey?: string
}

/** The bytes that are signed. Throws EntryRefused for a header outside the limits. */
export function encodeHeader(header: EntryHeader): Uint8Array {
  const { device, n, prev, t, kind, bodyHash, bodySize, expires, replaceKey } = header
  const fields = REQUIRED_FIELDS + Number(replaceKey !== undefined) + Number(expires !== undefined)
  const writer = new CborWriter(256).map(fields)
  writer.key('a').byteString(device).key('b').byteString(bodyHash).key('k').ascii(kind).key('n').uint(n).key('p')
  if (prev === null) writer.null()
  else writer.link(entryCid(prev))
  if (replaceKey !== undefined) writer.key('q').ascii(replaceKey)
  writer.key('s').uint(bodySize).key('t').uint(t).key('v').uint(VERSION)
  if (expires !== undefined) writer.key('x').uint(expires)
  const bytes = writer.finish()
  readHeader(bytes)
  return bytes
}

/**
 * Reads a header in its one canonical form (dag-cbor: keys by length, then bytewise: a b k n p q s t v x). Throws
 * EntryRefused `oversized`, `malformed` or `not-canonical`.
 */
export function readHeader(bytes: Uint8Array): EntryHeader {
  if (bytes.length > MAX_HEADER_BYTES) throw new EntryRefused('oversized', `a header of ${bytes.length} bytes`)
  const reader = new CborReader(bytes)
  const fields = reader.map()
  reader.key('a')
  const device = exactly(reader.byteString(32), 32)
  reader.key('b')
  const bodyHash = exactly(reader.byteString(DIGEST_BYTES), DIGEST_BYTES)
  reader.key('k')
  const kind = reader.ascii(MAX_KIND_LENGTH)
  if (!KIND.test(kind)) throw new EntryRefused('malformed', 'a kind with other letters')
  reader.key('n')
  const n = atMost(reader.uint(), MAX_ENTRY_NUMBER)
  reader.key('p')
  const prev = reader.isNull() ? null : digestOfCid(reader.link())
  if ((n === 0) !== (prev === null)) throw new EntryRefused('malformed', 'only the first entry has no predecessor')
  const replaceKey = reader.isKey('q') ? reader.ascii(MAX_REPLACE_KEY_LENGTH) : undefined
  reader.key('s')
  const bodySize = atMost(reader.uint(), MAX_BODY_BYTES)
  reader.key('t')
  const t = reader.uint()
  reader.key('v')
  if (reader.uint() !== VERSION) throw new EntryRefused('malformed', 'another version')
  const expires = reader.isKey('x') ? reader.uint() : undefined
  reader.end()
  const optional = Number(replaceKey !== undefined) + Number(expires !== undefined)
  if (fields !== REQUIRED_FIELDS + optional) throw new EntryRefused('malformed', 'another number of fields')
  const header: { -readonly [Field in keyof EntryHeader]: EntryHeader[Field] } = {
    ...{ device, n, prev, t, kind, bodyHash, bodySize },
  }
  if (expires !== undefined) header.expires = expires
  if (replaceKey !== undefined) header.replaceKey = replaceKey
  return header
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new EntryRefused('malformed', `${bytes.length} bytes in place of ${length}`)
  return bytes
}

function atMost(value: number, max: number): number {
  if (value > max) throw new EntryRefused('oversized', `${value}, limit ${max}`)
  return value
}
