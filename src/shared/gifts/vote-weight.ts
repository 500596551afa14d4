import type { Address, Bytes32 } from '../money/address'

/** Below it a vote grows with what is given, far above it hardly: micro-WE. incentives.md 6. */
const DAMPING_MICRO = 20_000_000
const WEI_PER_MICRO = 10n ** 12n

/** In seconds: after so long a gift weighs half. */
export const HALF_LIFE = { live: 20 * 60, video: 3 * 86_400 } as const

/** One gift of one account for one content. */
export interface VotedGift {
  payer: Address
  content: Bytes32
  amountWei: bigint
  /** Unix seconds. */
  time: number
  halfLife: keyof typeof HALF_LIFE
}

/** Each number from which the vote of an account for a content came; amounts in WE. */
export interface VoteParts {
  payer: Address
  content: Bytes32
  /** Given for this content, undiminished. */
  given: number
  /** Given for this content, each gift weighed by its age: `g_up`. */
  fresh: number
  /** The same over all contents known: `sum g_up'`. */
  freshEverywhere: number
  /** Stake and age of the account, 0 to 1: `m_u`. */
  mass: number
  /** `v_up = m_u * g_up / (20 WE + sum g_up')`, at most `mass`. */
  vote: number
}

/**
 * Weight of a gift by its age, half as much after each half-life, by straight lines between (within 6.1 % of the true
 * curve, and bit-identical everywhere): `2^-floor(age/h) * (1 - frac(age/h)/2)`. Seconds; a gift from the future counts
 * as of now.
 */
export function ageWeight(ageSeconds: number, halfLifeSeconds: number): number {
  const halves = Math.max(0, ageSeconds) / halfLifeSeconds
  const whole = Math.floor(halves)
  let weight = 1 - (halves - whole) / 2
  for (let step = 0; step < whole && weight > 0; step++) weight /= 2
  return weight
}

/**
 * The votes of public lists (incentives.md 6), exactly: amounts in whole micro-WE, float64 with + - x / only, sums in
 * ascending order of account, content and time. `mass` of an account is in [0, 1].
 */
export function voteWeights(
  gifts: readonly VotedGift[],
  mass: (account: Address) => number,
  nowSeconds: number,
): VoteParts[] {
  const ordered = [...gifts].sort(
    (a, b) =>
      compare(a.payer, b.payer) ||
      compare(a.content, b.content) ||
      a.time - b.time ||
      compare(a.amountWei, b.amountWei) ||
      compare(a.halfLife, b.halfLife),
  )
  const pairs: { payer: Address; content: Bytes32; given: number; fresh: number }[] = []
  const everywhere = new Map<Address, number>()
  for (const { payer, content, amountWei, time, halfLife } of ordered) {
    const micro = Number(amountWei / WEI_PER_MICRO)
    const fresh = micro * ageWeight(nowSeconds - time, HALF_LIFE[halfLife])
    const last = pairs.at(-1)
    if (last?.payer === payer && last.content === content) {
      last.given += micro
      last.fresh += fresh
    } else pairs.push({ payer, content, given: micro, fresh })
  }
  for (const { payer, fresh } of pairs) everywhere.set(payer, (everywhere.get(payer) ?? 0) + fresh)
  return pairs.map(({ payer, content, given, fresh }) => {
    const sum = everywhere.get(payer)!
    const m = mass(payer)
    return {
      payer,
      content,
      given: given / 1e6,
      fresh: fresh / 1e6,
      freshEverywhere: sum / 1e6,
      mass: m,
      vote: (m * fresh) / (DAMPING_MICRO + sum),
    }
  })
}

/** Sum of the votes for each content, in ascending order of accounts. */
export function contentVotes(parts: readonly VoteParts[]): Map<Bytes32, number> {
  const votes = new Map<Bytes32, number>()
  for (const { content, vote } of parts) votes.set(content, (votes.get(content) ?? 0) + vote)
  return votes
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
