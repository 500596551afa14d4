import { hash } from 'node:crypto'
import { readBody } from '@shared/community/entry-body'
import { readEnvelope, signedBytes, type Envelope } from '@shared/community/entry-envelope'
import { MAX_AHEAD_MS } from '@shared/community/entry-limits'
import { EntryRefused } from '@shared/community/entry-refused'
import { firstForged, verifyEd25519 } from '../../platform/ed25519'

/** An entry as it travels. */
export interface OfferedEntry {
  readonly envelope: Uint8Array
  /** Null: withdrawn, run out, or not asked for. */
  readonly body: Uint8Array | null
}

/** An entry of which everything was checked that needs nothing but itself, save the signature. */
export interface OpenedEntry extends OfferedEntry, Pick<Envelope, 'header' | 'headerBytes' | 'signature'> {
  /** sha2-256 of the envelope. */
  readonly id: Uint8Array
  /** What the body says; null without body. */
  readonly content: Record<string, unknown> | null
}

export function sha256(bytes: Uint8Array): Uint8Array {
  // a buffer of its own for each hash costs more than the way by a text
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1')
}

/**
 * Checks form, limits, time and body. Throws EntryRefused `oversized`, `malformed`, `not-canonical`, `future`, `body`.
 * @param now Unix milliseconds
 */
export function openEntry({ envelope, body }: OfferedEntry, now: number): OpenedEntry {
  const { header, headerBytes, signature } = readEnvelope(envelope)
  if (header.t > now + MAX_AHEAD_MS) throw new EntryRefused('future', `dated ${header.t - now} ms ahead`)
  if (body !== null && (body.length !== header.bodySize || !same(sha256(body), header.bodyHash))) {
    throw new EntryRefused('body', 'another body than was signed')
  }
  const content = body === null ? null : readBody(body)
  return { envelope, body, header, headerBytes, signature, id: sha256(envelope), content }
}

/** Whether the device of the entry signed it. */
export function isSigned({ header, headerBytes, signature }: Envelope): boolean {
  return verifyEd25519(header.device, signedBytes(headerBytes), signature)
}

/** Index of the first that its device did not sign; -1: it signed all. The entries are of one log. */
export async function firstUnsigned(entries: readonly Envelope[]): Promise<number> {
  const [first] = entries
  if (first === undefined) return -1
  const signed = entries.map(({ headerBytes, signature }) => ({ payload: signedBytes(headerBytes), signature }))
  return firstForged(first.header.device, signed)
}

/** All that an entry shows by itself. Throws as `openEntry`, and EntryRefused `signature`. */
export function verifyEntry(offered: OfferedEntry, now: number): OpenedEntry {
  const entry = openEntry(offered, now)
  if (!isSigned(entry)) throw new EntryRefused('signature', 'its device did not sign it')
  return entry
}

/** Several times as fast as a loop of our own for 32 bytes and more. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
