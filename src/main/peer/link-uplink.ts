/** How far back arrivals are looked at. */
const WINDOW_MS = 4_000
/** Shorter times say little about a rate. */
const SHORTEST_MS = 700
/** An announcement that waited longer had something before it all the time. */
const BUSY_MS = 300
/** A viewer that asks nothing for so long gets the show from others. */
const IDLE_MS = 5_000
/** An announcement that nobody answers is not waited for any longer. */
const GIVEN_UP_MS = 15_000
/** A peer that never asks must not fill the memory. */
const MOST_WAITING = 64

/** One link's part of the uplink. */
export interface LinkUplinkFigures {
  queuedMs: number
  carriedKbps: number | null
}

/**
 * What one viewer's link carries. TCP says nothing of what lies in its buffers, but the protocol does: an announcement
 * goes through the same pipe behind all bytes before it, and the WANT for its segment comes back at once. So when the
 * WANT is here, everything that was handed over before the announcement has arrived; as long as it is not, it has not.
 * Times are milliseconds of one clock.
 */
export class LinkUplink {
  /** Announced and not asked for, oldest first; `handed`: bytes given to the link before. */
  #waiting: { cids: readonly string[]; at: number; handed: number }[] = []
  /** When how many bytes were known to have arrived. */
  #arrivals: { at: number; handed: number; waited: number }[] = []

  /** A segment was announced; the viewer will ask for one of these blocks, its renditions. */
  announced(cids: readonly string[], now: number, handed: number): void {
    this.#waiting.push({ cids, at: now, handed })
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift()
  }

  /** The viewer gets the show otherwise from now on: what it does not ask for says nothing of the line. */
  forget(): void {
    this.#waiting = []
    this.#arrivals = []
  }

  /** The viewer asked for a block. Segments before it that it did not ask for it has from others. */
  wanted(cid: string, now: number): void {
    const index = this.#waiting.findIndex(({ cids }) => cids.includes(cid))
    if (index < 0) return
    const { at, handed } = this.#waiting[index]!
    this.#arrivals.push({ at: now, handed, waited: now - at })
    this.#waiting.splice(0, index + 1)
  }

  /**
   * Null for a viewer that gets nothing from here.
   * @param unsent bytes that wait to be handed over
   * @param publishedKbps of the show
   */
  figures(now: number, unsent: number, publishedKbps: number): LinkUplinkFigures | null {
    const last = this.#arrivals.at(-1)
    if (!last) return null
    this.#arrivals = this.#arrivals.filter((arrival) => arrival === last || now - arrival.at < WINDOW_MS)
    this.#waiting = this.#waiting.filter(({ at }) => now - at < GIVEN_UP_MS)
    const oldest = this.#waiting[0]
    if (unsent === 0 && (oldest?.at ?? now) - last.at > IDLE_MS) return null
    const sending = publishedKbps > 0 ? (unsent * 8) / publishedKbps : 0
    const queuedMs = Math.max(oldest ? now - oldest.at : 0, sending)
    const carriedKbps = queuedMs < BUSY_MS ? null : this.#carried(now, oldest?.handed ?? null)
    return { queuedMs, carriedKbps }
  }

  /**
   * Between two arrivals exactly as much was carried as was handed over between their announcements (the longest time
   * says it best); since an arrival less than what was handed over before the oldest that waits. The lowest counts.
   */
  #carried(now: number, before: number | null): number | null {
    const rates: number[] = []
    const arrivals = this.#arrivals
    for (const { at, handed } of arrivals) {
      if (before !== null && now - at >= SHORTEST_MS) rates.push((before - handed) / (now - at))
    }
    const to = arrivals.at(-1)!
    const from = arrivals[arrivals.findLastIndex(({ waited }) => waited < BUSY_MS)] ?? arrivals[0]!
    if (to.at - from.at >= SHORTEST_MS) rates.push((to.handed - from.handed) / (to.at - from.at))
    return rates.length === 0 ? null : Math.round(Math.min(...rates) * 8)
  }
}
