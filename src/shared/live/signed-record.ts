import * as dagCbor from '@ipld/dag-cbor'

/** Signs bytes with the broadcaster's Ed25519 key; 64 bytes. */
export type Sign = (payload: Uint8Array) => Uint8Array
/** Checks such a signature against a raw 32-byte public key. */
export type Verify = (publicKey: Uint8Array, payload: Uint8Array, signature: Uint8Array) => boolean

/** Why a record was refused; never shown as it is to the person, but logged and counted. */
export type RecordFault = 'malformed' | 'other-version' | 'wrong-signature' | 'wrong-show'

/** A record from a peer that does not hold what it must. Fail closed: nothing of it is used. */
export class RecordRefused extends Error {
  readonly fault: RecordFault

  constructor(fault: RecordFault, message: string) {
    super(message)
    this.name = 'RecordRefused'
    this.fault = fault
  }
}

const SIGNATURE_BYTES = 64

/**
 * [Note: Signed records]
 * A signed record is one deterministic dag-cbor map with the field `sig`. The signature covers the domain text (so
 * that a signature for one kind of record never fits another) followed by the dag-cbor of the map without `sig`.
 * Reading re-encodes the map and compares it with the bytes received: only the one canonical encoding is accepted,
 * so each record has exactly one form and one CID.
 */
function payloadOf(domain: string, fields: Record<string, unknown>): Uint8Array {
  const head = Uint8Array.from(`${domain}\n`, (letter) => letter.charCodeAt(0)) // domains are ASCII
  const body = dagCbor.encode(fields)
  const payload = new Uint8Array(head.length + body.length)
  payload.set(head)
  payload.set(body, head.length)
  return payload
}

/** Encodes and signs a map; see the note Signed records. */
export function sealRecord(domain: string, fields: Record<string, unknown>, sign: Sign): Uint8Array {
  return dagCbor.encode({ ...fields, sig: sign(payloadOf(domain, fields)) })
}

/** A map out of bytes whose form, but not yet whose signature, was checked. */
export interface OpenedRecord {
  fields: Record<string, unknown>
  /** Throws RecordRefused `other-version` when the field `v` is the number of another version. */
  requireVersion: (version: number) => void
  /** Throws RecordRefused `wrong-signature` unless `publicKey` signed this record. */
  requireSignature: (publicKey: Uint8Array, verify: Verify) => void
}

/** Decodes bytes of a peer: size limit, strict dag-cbor, canonical form, a 64-byte `sig`. Throws RecordRefused. */
export function openRecord(domain: string, bytes: Uint8Array, maxBytes: number): OpenedRecord {
  if (bytes.length > maxBytes) {
    throw new RecordRefused('malformed', `record of ${bytes.length} bytes, limit ${maxBytes}`)
  }
  let decoded: unknown
  let canonical: Uint8Array
  try {
    decoded = dagCbor.decode(bytes)
    canonical = dagCbor.encode(decoded)
  } catch (error) {
    throw new RecordRefused('malformed', `no dag-cbor: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!sameBytes(canonical, bytes)) throw new RecordRefused('malformed', 'not in canonical form')
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded) || decoded instanceof Uint8Array) {
    throw new RecordRefused('malformed', 'not a map')
  }
  const { sig, ...fields } = decoded as Record<string, unknown>
  if (!(sig instanceof Uint8Array) || sig.length !== SIGNATURE_BYTES) {
    throw new RecordRefused('malformed', 'no signature of 64 bytes')
  }
  return {
    fields,
    requireVersion: (version) => {
      const { v } = fields
      if (typeof v === 'number' && v !== version) {
        throw new RecordRefused('other-version', `version ${v} of a record that is read in version ${version}`)
      }
    },
    requireSignature: (publicKey, verify) => {
      if (!verify(publicKey, payloadOf(domain, fields), sig)) {
        throw new RecordRefused('wrong-signature', `not signed by the broadcaster (${domain})`)
      }
    },
  }
}

/** True when both hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
