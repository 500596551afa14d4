import { schnorr } from '@noble/curves/secp256k1.js'
import { createHash } from 'node:crypto'
import type { NostrDraft, NostrEvent } from '@shared/nostr/nostr-event'

/** The x-only public key (BIP-340) of a secret of 32 bytes, hex. */
export function nostrPublicKey(secret: Uint8Array): string {
  return Buffer.from(schnorr.getPublicKey(secret)).toString('hex')
}

/** The id of NIP-01: sha256 of `[0, pubkey, created_at, kind, tags, content]` as JSON without blanks. */
export function nostrId(pubkey: string, { created_at, kind, tags, content }: NostrDraft): string {
  return createHash('sha256')
    .update(JSON.stringify([0, pubkey, created_at, kind, tags, content]))
    .digest('hex')
}

export function signNostr(draft: NostrDraft, secret: Uint8Array): NostrEvent {
  const pubkey = nostrPublicKey(secret)
  const id = nostrId(pubkey, draft)
  const sig = Buffer.from(schnorr.sign(Buffer.from(id, 'hex'), secret)).toString('hex')
  return { id, pubkey, ...draft, sig }
}

/** As files of events are: one to a line. */
export function nostrLines(events: readonly NostrEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

/** Whether id and signature are those of the event. */
export function isNostrEvent(event: NostrEvent): boolean {
  if (nostrId(event.pubkey, event) !== event.id) return false
  const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
  return schnorr.verify(bytes(event.sig), bytes(event.id), bytes(event.pubkey))
}
