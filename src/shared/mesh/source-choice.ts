/** One that could serve: a parent for a walking join, a neighbour for a repair. */
export interface Candidate {
  /** Stable number of the peer, for `hash`; any integer. */
  key: number
  /** Smoothed round trip, milliseconds; null before the first. */
  rttMs: number | null
  /** What it serves for us, or has been given by us, now: links or pulls. */
  load: number
  /** How much it could take, at least 1. */
  room: number
  /** Failures in a row. */
  failures: number
}

/** What a choice may use besides the candidates; `turn` counts the choices of this node, `key` is who is served. */
export interface ChoiceContext {
  turn: number
  key: number
  random: () => number
}

/** Index of the chosen one of at least one candidate. */
export type SourceChoice = (candidates: readonly Candidate[], context: ChoiceContext) => number

/** Unknown peers are tried like middling ones. */
const UNKNOWN_RTT_MS = 70

const leastBy =
  (cost: (candidate: Candidate) => number): SourceChoice =>
  (candidates) => {
    let best = 0
    let bestCost = Infinity
    for (let i = 0; i < candidates.length; i++) {
      const next = cost(candidates[i]!)
      if (next < bestCost) [best, bestCost] = [i, next]
    }
    return best
  }

/** Expected wait (live.md section 10): round trip plus queue, doubled per failure. */
const wait = ({ rttMs, load, room, failures }: Candidate): number =>
  (rttMs ?? UNKNOWN_RTT_MS) * (1 + load / room) * 2 ** Math.min(failures, 10)

/** The strategies of product row D4. */
export const SOURCE_CHOICES = {
  'round-robin': (candidates, { turn }) => turn % candidates.length,
  random: (candidates, { random }) => Math.floor(random() * candidates.length),
  /** Rendezvous by key: the same pair meets again while both are there. */
  hash: (candidates, { key }) => leastBy((candidate) => mix(candidate.key ^ mix(key)))(candidates, EMPTY),
  'least-connections': leastBy(({ load, room }) => load / room),
  fastest: leastBy(({ rttMs }) => rttMs ?? UNKNOWN_RTT_MS),
  /** Two drawn by their room, the shorter wait of both: spreads a crowd that knows only old figures (Mitzenmacher 2001). */
  'two-choices': (candidates, context) => {
    const first = byRoom(candidates, context.random)
    const second = byRoom(candidates, context.random)
    return wait(candidates[second]!) < wait(candidates[first]!) ? second : first
  },
} satisfies Record<string, SourceChoice>

export type SourceChoiceName = keyof typeof SOURCE_CHOICES

const EMPTY: ChoiceContext = { turn: 0, key: 0, random: () => 0 }

function byRoom(candidates: readonly Candidate[], random: () => number): number {
  let sum = 0
  for (const { room } of candidates) sum += room
  let left = random() * sum
  for (let i = 0; i < candidates.length; i++) {
    left -= candidates[i]!.room
    if (left < 0) return i
  }
  return candidates.length - 1
}

/** Finaliser of MurmurHash3, 32 bits. */
export function mix(key: number): number {
  let h = key | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
