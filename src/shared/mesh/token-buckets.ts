import { TokenBucket } from './token-bucket'

/** A budget for each name, the same for all; the longest unused are forgotten beyond so many. Pure: the clock is given, milliseconds. */
export class TokenBuckets {
  readonly #buckets = new Map<string, TokenBucket>()

  /** @param perSecond refill of each @param burst most that each saves up @param most names that are remembered */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly most: number,
  ) {}

  /** The one of a name, which is used by this. */
  of(name: string, now: number): TokenBucket {
    const bucket = this.#buckets.get(name) ?? new TokenBucket(this.perSecond, this.burst, now)
    this.#buckets.delete(name) // the longest unused comes first in a Map
    this.#buckets.set(name, bucket)
    if (this.#buckets.size > this.most) this.#buckets.delete(this.#buckets.keys().next().value!)
    return bucket
  }
}
