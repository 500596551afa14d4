import type { Stream } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import { MAX_STRIPES } from '@shared/mesh/piece'

/** One long-lived stream for each peer, stripe and direction; the opener sends. */
export const STRIPE_PROTOCOL = '/we/live/1/stripe'

/**
 * First bytes of a stripe stream: version (u8), stripe (u8), CID of the show (36 bytes). Frames follow (`[Note: Chunks and
 * pieces]`).
 */
const GREETING_BYTES = 38
const VERSION = 1
const TIMEOUT_MS = 5_000

export interface StripeGreeting {
  showCid: string
  stripe: number
}

/** The first bytes of a stripe stream. */
export function stripeGreeting(showCid: string, stripe: number): Uint8Array {
  return Uint8Array.of(VERSION, stripe, ...CID.parse(showCid).bytes)
}

/** Reads them; null when they are not of this version. */
export function parseStripeGreeting(bytes: Uint8Array): StripeGreeting | null {
  if (bytes.length !== GREETING_BYTES || bytes[0] !== VERSION || bytes[1]! >= MAX_STRIPES) return null
  try {
    return { stripe: bytes[1]!, showCid: CID.decode(bytes.subarray(2)).toString() }
  } catch {
    return null
  }
}

/**
 * Waits for the greeting of a stream that a peer opened, then hands it over with the bytes that came behind it. A stream
 * that does not greet within 5 s, or wrongly, is cut.
 */
export function awaitGreeting(stream: Stream, onGreeted: (greeting: StripeGreeting, rest: Uint8Array) => void): void {
  const impatience = setTimeout(() => stream.abort(new Error('no greeting in time')), TIMEOUT_MS)
  let held = new Uint8Array(0)
  const onMessage = ({ data }: { data: { subarray: () => Uint8Array } }): void => {
    const more = data.subarray()
    const bytes = new Uint8Array(held.length + more.length)
    bytes.set(held)
    bytes.set(more, held.length)
    held = bytes
    if (held.length < GREETING_BYTES) return
    stream.removeEventListener('message', onMessage)
    clearTimeout(impatience)
    const greeting = parseStripeGreeting(held.subarray(0, GREETING_BYTES))
    if (greeting === null) stream.abort(new Error('no greeting of this protocol'))
    else onGreeted(greeting, held.subarray(GREETING_BYTES))
  }
  stream.addEventListener('message', onMessage)
  stream.addEventListener('close', () => clearTimeout(impatience))
}
