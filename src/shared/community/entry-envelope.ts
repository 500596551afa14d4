import { CborReader } from './cbor-reader'
import { CborWriter } from './cbor-writer'
import { readHeader, type EntryHeader } from './entry-header'
import { MAX_ENVELOPE_BYTES, MAX_HEADER_BYTES, SIGNATURE_BYTES } from './entry-limits'
import { EntryRefused } from './entry-refused'

/** Keeps signatures of entries apart from every other use of the device's key: "we/log/1" and a zero byte. */
const DOMAIN = Uint8Array.from('we/log/1\0', (letter) => letter.charCodeAt(0))

export interface Envelope {
  readonly header: EntryHeader
  /** As they were signed. */
  readonly headerBytes: Uint8Array
  /** 64 bytes; not checked by reading. */
  readonly signature: Uint8Array
}

/** What the device signs for a header. */
export function signedBytes(headerBytes: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(DOMAIN.length + headerBytes.length)
  bytes.set(DOMAIN)
  bytes.set(headerBytes, DOMAIN.length)
  return bytes
}

/** dag-cbor `[header, signature]`; its sha2-256 is the id of the entry. */
export function encodeEnvelope(headerBytes: Uint8Array, signature: Uint8Array): Uint8Array {
  return new CborWriter().array(2).byteString(headerBytes).byteString(signature).finish()
}

/** Reads an envelope in its one form. Throws EntryRefused `oversized`, `malformed` or `not-canonical`. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > MAX_ENVELOPE_BYTES) throw new EntryRefused('oversized', `an envelope of ${bytes.length} bytes`)
  const reader = new CborReader(bytes)
  if (reader.array() !== 2) throw new EntryRefused('malformed', 'not a header and a signature')
  const headerBytes = reader.byteString(MAX_HEADER_BYTES)
  const signature = reader.byteString(SIGNATURE_BYTES)
  reader.end()
  if (signature.length !== SIGNATURE_BYTES) throw new EntryRefused('malformed', 'no signature of 64 bytes')
  return { header: readHeader(headerBytes), headerBytes, signature }
}
