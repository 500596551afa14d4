import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { readEnvelope, type Envelope } from './entry-envelope'
import { MAX_ENVELOPE_BYTES } from './entry-limits'
import { EntryRefused } from './entry-refused'

const KEY = 'f'
export const MAX_PROOF_BYTES = 2 * (MAX_ENVELOPE_BYTES + 3) + 4

/**
 * Two envelopes that no honest device signs both: of one number, or the second with the next number but not after the
 * first. Read in this form, it is a proof only once both signatures hold and the ids contradict each other.
 */
export interface ForkProof {
  readonly first: Envelope
  readonly second: Envelope
  readonly firstBytes: Uint8Array
  readonly secondBytes: Uint8Array
}

/** dag-cbor `{f: [envelope, envelope]}`, the lower number first, of equal numbers the smaller bytes. */
export function encodeForkProof(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [a, b] = [readEnvelope(one), readEnvelope(other)]
  const isOrdered = a.header.n === b.header.n ? isBefore(one, other) : a.header.n < b.header.n
  const [first, second] = isOrdered ? [one, other] : [other, one]
  return new CborWriter().map(1).key(KEY).array(2).byteString(first).byteString(second).finish()
}

/** True for bytes that can be a proof and cannot be an envelope. */
export function looksLikeForkProof(bytes: Uint8Array): boolean {
  return bytes[0] === 0xa1
}

/** Throws EntryRefused `oversized`, `malformed`, `not-canonical` or `other-log`. */
export function readForkProof(bytes: Uint8Array): ForkProof {
  if (bytes.length > MAX_PROOF_BYTES) throw new EntryRefused('oversized', `a proof of ${bytes.length} bytes`)
  const reader = new CborReader(bytes)
  if (reader.map() !== 1) throw new EntryRefused('malformed', 'no proof')
  reader.key(KEY)
  if (reader.array() !== 2) throw new EntryRefused('malformed', 'not two envelopes')
  const firstBytes = reader.byteString(MAX_ENVELOPE_BYTES)
  const secondBytes = reader.byteString(MAX_ENVELOPE_BYTES)
  reader.end()
  const first = readEnvelope(firstBytes)
  const second = readEnvelope(secondBytes)
  const apart = second.header.n - first.header.n
  if (apart !== 0 && apart !== 1) throw new EntryRefused('malformed', 'numbers that do not meet')
  if (apart === 0 && !isBefore(firstBytes, secondBytes)) throw new EntryRefused('not-canonical', 'the wrong order')
  if (!first.header.device.every((byte, at) => byte === second.header.device[at])) {
    throw new EntryRefused('other-log', 'envelopes of two devices')
  }
  return { first, second, firstBytes, secondBytes }
}

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? a.length < b.length : a[at]! < (b[at] ?? -1)
}
