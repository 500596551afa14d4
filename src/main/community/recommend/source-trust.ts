import { FEATURE_COUNT } from './sources'

/** Shows that the opening guess of every source counts for. */
const PRIOR = 100
const OPENING_RATE = 0.3
const MOST_SHOWS = 400

/** How a person took what each source brought; kept with their own history, as numbers in the order of `FEATURES`. */
export interface SourceRecord {
  readonly taken: readonly number[]
  readonly passed: readonly number[]
}

export const NO_RECORD: SourceRecord = {
  taken: Array<number>(FEATURE_COUNT).fill(0),
  passed: Array<number>(FEATURE_COUNT).fill(0),
}

/**
 * Notes that something was shown for the sake of a source, and whether the person took it (liked it, watched half of it).
 * Old shows fade once there are many, so that a taste may change.
 */
export function noteShown(record: SourceRecord, source: number, taken: boolean): SourceRecord {
  const shows = record.taken[source]! + record.passed[source]!
  const keep = shows >= MOST_SHOWS ? 1 - 1 / MOST_SHOWS : 1
  const next = (list: readonly number[], hit: boolean): number[] =>
    list.map((value, i) => (i === source ? value * keep + (hit ? 1 : 0) : value))
  return { taken: next(record.taken, taken), passed: next(record.passed, !taken) }
}

/**
 * How much more or less each source counts with this person: a draw from the posterior of its success rate (Thompson, 1933)
 * over the mean rate of all, within 1/2 and 2. Sources that bring nothing fade, and are tried again now and then.
 */
export function drawTrust(record: SourceRecord, chance: () => number): Float64Array {
  // nothing to go by yet: chance alone would only make the list worse
  if (record.taken.every((n) => n === 0) && record.passed.every((n) => n === 0))
    return new Float64Array(FEATURE_COUNT).fill(1)
  const taken = record.taken.reduce((sum, value) => sum + value, PRIOR * OPENING_RATE)
  const passed = record.passed.reduce((sum, value) => sum + value, PRIOR * (1 - OPENING_RATE))
  const usual = taken / (taken + passed)
  return Float64Array.from({ length: FEATURE_COUNT }, (_, i) => {
    const rate = drawBeta(record.taken[i]! + PRIOR * usual, record.passed[i]! + PRIOR * (1 - usual), chance)
    return Math.min(2, Math.max(0.5, rate / usual))
  })
}

/** Beta by its normal approximation: both counts are above 1 and their sum at least `PRIOR`. */
function drawBeta(a: number, b: number, chance: () => number): number {
  const mean = a / (a + b)
  const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1))
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  return Math.min(0.999, Math.max(0.001, mean + deviation * normal))
}
