import { readEnvelope, signedBytes, type Envelope } from '@shared/community/entry-envelope'
import { MAX_AHEAD_MS } from '@shared/community/entry-limits'
import { looksLikeForkProof, readForkProof } from '@shared/community/fork-proof'
import { TokenBuckets } from '@shared/mesh/token-buckets'
import { verifyEd25519 } from '../platform/ed25519'
import type { GossipVerdict } from './gossip-topics'

/** What one device may say: so many at once, then so many a second. */
const DEVICE_BURST = 10
const DEVICE_PER_SECOND = 2
/** Signatures that are checked for one neighbour; each costs 0.1 ms. */
const NEIGHBOUR_BURST = 400
const NEIGHBOUR_PER_SECOND = 200
const REMEMBERED = 2_000

/** Judges messages of the topics of heads before they are passed on: well-formed, signed, not dated ahead, not too many. */
export class HeadJudge {
  readonly #seen = new Set<string>()
  readonly #devices = new TokenBuckets(DEVICE_PER_SECOND, DEVICE_BURST, REMEMBERED)
  readonly #neighbours = new TokenBuckets(NEIGHBOUR_PER_SECOND, NEIGHBOUR_BURST, REMEMBERED)

  /** `now`: Unix milliseconds. */
  constructor(private readonly now: () => number = Date.now) {}

  judge(message: Uint8Array, from: string): GossipVerdict {
    let envelopes: Envelope[]
    try {
      envelopes = looksLikeForkProof(message) ? pairOf(message) : [readEnvelope(message)]
    } catch {
      return 'reject'
    }
    const now = this.now()
    // The signature tells messages apart: another one under the same header is checked on its own.
    const mark = envelopes.map(({ signature }) => Buffer.from(signature).toString('base64')).join()
    if (this.#seen.has(mark)) return 'ignore'
    if (!this.#neighbours.of(from, now).take(1, now)) return 'ignore'
    if (envelopes.some(({ header }) => header.t > now + MAX_AHEAD_MS)) return 'ignore'
    if (!envelopes.every(isSigned)) return 'reject'
    const device = Buffer.from(envelopes[0]!.header.device).toString('base64')
    if (!this.#devices.of(device, now).take(1, now)) return 'ignore'
    this.#seen.add(mark)
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value!)
    return 'accept'
  }
}

function pairOf(message: Uint8Array): Envelope[] {
  const { first, second } = readForkProof(message)
  return [first, second]
}

function isSigned({ header, headerBytes, signature }: Envelope): boolean {
  return verifyEd25519(header.device, signedBytes(headerBytes), signature)
}
