import type { ShowRecord } from '@shared/live/segment-record'

/** Records remembered below the newest; older ones are refused, so that memory does not grow with the show. */
const KEEP = 512

/**
 * How a verified record fits what is known. `new`: take it. `known`: the same record again. Refused: `fork` is a second
 * record for a number (or one that does not continue its predecessor), `rolled-back` is older than what is remembered,
 * `after-end` comes after the final one.
 */
export type ChainVerdict = 'new' | 'known' | 'fork' | 'rolled-back' | 'after-end'

interface Link {
  cid: string
  prev: string | null
}

/** The sequence of one show as seen here: one record for each number, each naming its predecessor. Pure. */
export class ShowChain {
  readonly #links = new Map<number, Link>()
  #newest = -1
  #finalSeq: number | null = null

  /** Highest number taken, -1 before the first. */
  get newest(): number {
    return this.#newest
  }

  /** The number of the final record, once it is known. */
  get finalSeq(): number | null {
    return this.#finalSeq
  }

  /** Judges a record whose signature holds (`cid`: of its signed bytes), and remembers it when it is new. */
  accept(record: ShowRecord, cid: string): ChainVerdict {
    const { seq, prev } = record
    const known = this.#links.get(seq)
    if (known !== undefined) return known.cid === cid ? 'known' : 'fork'
    if (seq <= this.#newest - KEEP) return 'rolled-back'
    if (this.#finalSeq !== null && seq > this.#finalSeq) return 'after-end'
    if (record.final && seq < this.#newest) return 'fork'
    const before = this.#links.get(seq - 1)
    const after = this.#links.get(seq + 1)
    if ((before && before.cid !== prev) || (after && after.prev !== cid)) return 'fork'

    this.#links.set(seq, { cid, prev })
    if (record.final) this.#finalSeq = seq
    if (seq > this.#newest) {
      this.#newest = seq
      for (const old of this.#links.keys()) if (old <= seq - KEEP) this.#links.delete(old)
    }
    return 'new'
  }
}
