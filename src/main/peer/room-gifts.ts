import { createHash } from 'node:crypto'
import { domainSeparator } from '@shared/gifts/tab'
import { decodeGiftLine, GiftLineRefused, MAX_GIFT_LINE_BYTES, requireTabSignature } from '@shared/gifts/gift-line'
import { tabDomain, type GiftTerms } from '@shared/gifts/gift-terms'
import { TokenBucket } from '@shared/mesh/token-bucket'
import type { GossipTopics, GossipVerdict } from './gossip-topics'

/** Topic on which the gifts of one show are told. */
export function giftTopic(showCid: string): string {
  return `/we/gifts/1/${showCid}`
}

/** Topic on which creators tell each other of the tabs on one bank; see the note Overspending. */
export function tabTopic({ chainId, bank }: Pick<GiftTerms, 'chainId' | 'bank'>): string {
  return `/we/tabs/1/${chainId}/${bank}`
}

/** Newest gifts kept for who comes late. */
export const KEPT_LINES = 100
/** One payer: ten at once, then five a second; holding the button down sends combos of up to ten. */
const PAYER_BURST = 10
const PAYER_PER_SECOND = 5
const MAX_PAYERS = 5_000
/** Lines remembered as judged, so that a copy costs a hash and no signature. */
const MAX_JUDGED = 10_000
/** Wrong lines that one neighbour may pass on before nothing of it is looked at for a while. */
const WRONG_BURST = 20
const WRONG_PER_SECOND = 0.5
const MAX_NEIGHBOURS = 1_000

export interface RoomGiftsOptions {
  terms: GiftTerms
  /** Only gifts to this creator for this content; null: whatever is on the bank. */
  only: { contentId: string } | null
  onLine: (bytes: Uint8Array) => void
  /** Milliseconds. */
  now?: () => number
}

/**
 * The gifts of one room as they come from peers: each line is judged once, before it is passed on. Form, chain and
 * signature are checked here; whether the total fits is for `RoomBook`, which knows the ledger.
 */
export class RoomGifts {
  readonly #separator: string
  readonly #judged = new Map<string, GossipVerdict>()
  readonly #payers = new Map<string, TokenBucket>()
  readonly #wrong = new Map<string, TokenBucket>()
  readonly #lines: Uint8Array[] = []
  readonly #now: () => number

  constructor(private readonly options: RoomGiftsOptions) {
    this.#separator = domainSeparator(tabDomain(options.terms))
    this.#now = options.now ?? (() => performance.now())
  }

  /** Newest last, each verified. */
  get lines(): readonly Uint8Array[] {
    return this.#lines
  }

  /** Judges what a neighbour passed on. `paced`: false for an answer of what was before, in which a payer has many. */
  judge(data: Uint8Array, from: string, paced = true): GossipVerdict {
    if (data.length > MAX_GIFT_LINE_BYTES) return 'reject'
    const key = createHash('sha256').update(data).digest('base64')
    const before = this.#judged.get(key)
    if (before !== undefined) return before === 'accept' ? 'ignore' : before
    const neighbour = bucketOf(this.#wrong, from, WRONG_PER_SECOND, WRONG_BURST, MAX_NEIGHBOURS, this.#now())
    if (neighbour.waitMs(1, this.#now()) > 0) return 'ignore'
    const verdict = this.#read(data, paced)
    if (verdict === 'reject') neighbour.spend(1, this.#now())
    this.#remember(key, verdict)
    if (verdict === 'accept') this.#keep(data)
    return verdict
  }

  /** Takes a line of this node's own; throws GiftLineRefused when others would refuse it. */
  own(data: Uint8Array): void {
    this.#check(data)
    this.#remember(createHash('sha256').update(data).digest('base64'), 'accept')
    this.#keep(data)
  }

  #read(data: Uint8Array, paced: boolean): GossipVerdict {
    try {
      const { tab } = this.#check(data)
      if (!paced) return 'accept'
      const payer = bucketOf(this.#payers, tab.payer, PAYER_PER_SECOND, PAYER_BURST, MAX_PAYERS, this.#now())
      return payer.take(1, this.#now()) ? 'accept' : 'ignore'
    } catch (error) {
      if (error instanceof GiftLineRefused) return 'reject'
      throw error
    }
  }

  #check(data: Uint8Array) {
    const line = decodeGiftLine(data)
    const { terms, only } = this.options
    if (only !== null && (line.tab.creator !== terms.account || line.item.contentId !== only.contentId)) {
      throw new GiftLineRefused('malformed', 'a gift of another room')
    }
    requireTabSignature(this.#separator, line)
    return line
  }

  #remember(key: string, verdict: GossipVerdict): void {
    this.#judged.set(key, verdict)
    if (this.#judged.size > MAX_JUDGED) this.#judged.delete(this.#judged.keys().next().value!)
  }

  #keep(data: Uint8Array): void {
    const bytes = data.slice()
    if (this.options.only !== null) this.#lines.push(bytes)
    if (this.#lines.length > KEPT_LINES) this.#lines.shift()
    this.options.onLine(bytes)
  }
}

/** Joins the room's topic; returns how to leave. */
export function joinGifts(topics: GossipTopics, topic: string, room: RoomGifts): () => void {
  return topics.join(topic, (data, from) => room.judge(data, from))
}

function bucketOf(
  buckets: Map<string, TokenBucket>,
  key: string,
  perSecond: number,
  burst: number,
  most: number,
  now: number,
): TokenBucket {
  const known = buckets.get(key)
  if (known) return known
  if (buckets.size >= most) buckets.delete(buckets.keys().next().value!)
  const bucket = new TokenBucket(perSecond, burst, now)
  buckets.set(key, bucket)
  return bucket
}
