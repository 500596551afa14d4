import { createHash } from 'node:crypto'
import { MessageRefused } from './message-refused'

/** What a mailbox peer keeps for a member who is offline. It can read none of it. */
export interface MailEnvelope {
  /** Devices, 0x hex. `from` must be proven by the transport: quotas rest on it. */
  readonly to: string
  readonly from: string
  readonly bytes: Uint8Array
}

export interface KeptEnvelope extends MailEnvelope {
  /** SHA-256 of the bytes, 0x hex. */
  readonly id: string
  /** Unix milliseconds. */
  readonly expires: number
}

export interface MailboxLimits {
  /** One sender to one recipient. */
  readonly senderCount: number
  readonly senderBytes: number
  /** All that waits for one recipient. */
  readonly recipientBytes: number
  readonly totalBytes: number
  readonly envelopeBytes: number
  /** Milliseconds. */
  readonly life: number
}

export const MAILBOX_LIMITS: MailboxLimits = {
  ...{ senderCount: 500, senderBytes: 4_000_000, recipientBytes: 32_000_000, totalBytes: 1_000_000_000 },
  ...{ envelopeBytes: 512_000, life: 14 * 86_400_000 },
}

/** What keeping an envelope costs beside its bytes, counted against all limits: many tiny ones are not free. */
const OVERHEAD = 256
const cost = (bytes: Uint8Array): number => bytes.length + OVERHEAD

/** How an offer ended: `full` may be offered to another peer, or later. */
export type MailAnswer = 'kept' | 'known' | 'full'

interface Box {
  readonly envelopes: Map<string, KeptEnvelope>
  bytes: number
}

/**
 * Envelopes for members who are offline, oldest first. No clock, no disk, no sockets: whoever has those gives the time
 * and takes what is kept. One sender can use up neither another's room nor a recipient's whole box.
 */
export class Mailbox {
  readonly #boxes = new Map<string, Box>()
  #bytes = 0

  constructor(private readonly limits: MailboxLimits = MAILBOX_LIMITS) {}

  get bytes(): number {
    return this.#bytes
  }

  /** @param now Unix milliseconds. Throws MessageRefused `oversized` or `malformed`. */
  offer({ to, from, bytes }: MailEnvelope, now: number): MailAnswer {
    if (bytes.length > this.limits.envelopeBytes) throw new MessageRefused('oversized', `${bytes.length} bytes`)
    if (bytes.length === 0 || ![to, from].every((device) => /^0x[0-9a-f]{64}$/.test(device)))
      throw new MessageRefused('malformed', 'an envelope without content, sender or recipient')
    const id = `0x${createHash('sha256').update(bytes).digest('hex')}`
    this.#dropExpired(to, now)
    const box = this.#boxes.get(to)
    if (box?.envelopes.has(id)) return 'known'
    const own = [...(box?.envelopes.values() ?? [])].filter((kept) => kept.from === from)
    const ownBytes = own.reduce((sum, kept) => sum + cost(kept.bytes), cost(bytes))
    const { senderCount, senderBytes, recipientBytes, totalBytes, life } = this.limits
    if (own.length >= senderCount || ownBytes > senderBytes) return 'full'
    if ((box?.bytes ?? 0) + cost(bytes) > recipientBytes || this.#bytes + cost(bytes) > totalBytes) return 'full'
    const kept = box ?? { envelopes: new Map<string, KeptEnvelope>(), bytes: 0 }
    this.#boxes.set(to, kept)
    // A copy: the buffer it came in may be larger, and is the transport's.
    kept.envelopes.set(id, { to, from, id, bytes: Uint8Array.from(bytes), expires: now + life })
    kept.bytes += cost(bytes)
    this.#bytes += cost(bytes)
    return 'kept'
  }

  /** What waits for a device, oldest first. The transport must have proven that it is this device that asks. */
  waiting(to: string, now: number, limit = 100): KeptEnvelope[] {
    this.#dropExpired(to, now)
    return [...(this.#boxes.get(to)?.envelopes.values() ?? [])].slice(0, limit)
  }

  /** The device has them on disk: they go. Unknown ids are none of its own, or went before. Returns how many went. */
  acknowledge(to: string, ids: readonly string[]): number {
    return ids.filter((id) => this.#drop(to, id)).length
  }

  /** For a timer: drops what nobody fetched in time. Returns how many went. */
  expire(now: number): number {
    return [...this.#boxes.keys()].reduce((gone, to) => gone + this.#dropExpired(to, now), 0)
  }

  /** Envelopes are kept in the order of their expiry, as all live equally long. */
  #dropExpired(to: string, now: number): number {
    let gone = 0
    for (const { id, expires } of this.#boxes.get(to)?.envelopes.values() ?? []) {
      if (expires > now) break
      if (this.#drop(to, id)) gone++
    }
    return gone
  }

  #drop(to: string, id: string): boolean {
    const box = this.#boxes.get(to)
    const kept = box?.envelopes.get(id)
    if (box === undefined || kept === undefined) return false
    box.envelopes.delete(id)
    box.bytes -= cost(kept.bytes)
    this.#bytes -= cost(kept.bytes)
    if (box.envelopes.size === 0) this.#boxes.delete(to)
    return true
  }
}
