/** Ways to play a live, best first (live.md 9). */
export const RUNGS = ['units', 'hls'] as const
export type Rung = (typeof RUNGS)[number]

/** So many failures within the time mean that a way does not work. */
const FAILURES = 2
const WITHIN_MS = 10_000
const RETRY_MS = 30_000

/** What is known of the ways to play; plain data. */
export interface RungState {
  rung: Rung
  /** When this way failed, newest last, milliseconds. */
  failures: readonly number[]
  /** Since when it is used. */
  since: number
  /** Ways that this window cannot do at all. */
  missing: readonly Rung[]
}

/** The best way that is not missing. */
export function firstRung(now: number, missing: readonly Rung[] = []): RungState {
  return { rung: RUNGS.find((rung) => !missing.includes(rung)) ?? 'hls', failures: [], since: now, missing }
}

/** The way that is used has failed: begins again, or is left for the next when it was the second time in 10 s. */
export function failed(state: RungState, now: number): RungState {
  const failures = [...state.failures.filter((at) => now - at < WITHIN_MS), now]
  if (failures.length < FAILURES) return { ...state, failures }
  const next = nextRung(state)
  return next === null ? { ...state, failures } : { ...state, rung: next, failures: [], since: now }
}

function nextRung({ rung, missing }: RungState): Rung | null {
  return RUNGS.slice(RUNGS.indexOf(rung) + 1).find((next) => !missing.includes(next)) ?? null
}

/** The better way to be tried beside the one that is used; null: none, or not yet. */
export function worthRetry(state: RungState, now: number): Rung | null {
  if (now - state.since < RETRY_MS) return null
  return RUNGS.slice(0, RUNGS.indexOf(state.rung)).find((rung) => !state.missing.includes(rung)) ?? null
}

/** The trial has ended: it is used from now on, or not for another half minute. */
export function tried(state: RungState, rung: Rung, works: boolean, now: number): RungState {
  if (works) return { ...state, rung, failures: [], since: now }
  return { ...state, rung: state.rung === rung ? (nextRung(state) ?? rung) : state.rung, since: now }
}
