import { decode, encode } from '@ipld/dag-cbor'
import { MAX_BODY_BYTES } from './entry-limits'
import { EntryRefused } from './entry-refused'
import { NOT_PLAIN, readPlain } from './plain-cbor'

/** A body as it is hashed and sent. Throws EntryRefused `oversized` or `malformed` (not a map of plain values). */
export function encodeBody(body: Readonly<Record<string, unknown>>): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = encode(body)
  } catch (error) {
    throw new EntryRefused('malformed', `a body that cannot be written: ${String(error)}`)
  }
  readBody(bytes)
  return bytes
}

/** Reads a body: a dag-cbor map in canonical form. Throws EntryRefused `oversized`, `malformed` or `not-canonical`. */
export function readBody(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length > MAX_BODY_BYTES) throw new EntryRefused('oversized', `a body of ${bytes.length} bytes`)
  const plain = readPlain(bytes)
  const body = plain === NOT_PLAIN ? readOther(bytes) : plain
  // a map begins with major type 5; arrays, byte strings and links are objects in JavaScript too
  if (bytes[0]! >> 5 !== 5) throw new EntryRefused('malformed', 'a body that is no map')
  return body as Record<string, unknown>
}

/** What is not plain: decoded, encoded and compared. */
function readOther(bytes: Uint8Array): unknown {
  let body: unknown
  let canonical: Uint8Array
  try {
    body = decode(bytes)
    canonical = encode(body)
  } catch (error) {
    throw new EntryRefused('malformed', `no dag-cbor: ${String(error)}`)
  }
  if (!isSame(canonical, bytes)) throw new EntryRefused('not-canonical', 'a body in another spelling')
  return body
}

/** A plain loop: bodies have up to 32 kB, and each is compared. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
