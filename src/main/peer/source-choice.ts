/** What is known of a peer that announced a segment. */
export interface Source {
  peerId: string
  /** WANTs to it that are not answered yet. */
  inFlight: number
  /** WANT to first byte, smoothed, milliseconds; null before the first answer. */
  responseMs: number | null
  /** Timeouts and NOs since its last good answer. */
  failures: number
}

/** Picks one of the sources, which are at least one. Other strategies (product row D4) plug in here. */
export type ChooseSource = (sources: readonly Source[]) => Source

/** Unknown peers are tried like a middling one. */
const UNKNOWN_RESPONSE_MS = 50

/** The source with the least expected wait: its response time, once more for each WANT that waits, doubled per failure. */
export const leastWait: ChooseSource = (sources) => {
  const wait = ({ responseMs, inFlight, failures }: Source): number =>
    ((responseMs ?? UNKNOWN_RESPONSE_MS) + 1) * (1 + inFlight) * 2 ** Math.min(failures, 10)
  return sources.reduce((best, next) => (wait(next) < wait(best) ? next : best))
}
