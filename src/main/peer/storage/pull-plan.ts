/** What one source may owe at once: enough for the line to stay full, little enough to be taken over when it goes. */
const LEAST_OWED_BLOCKS = 2
const OWED_MS = 150
/**
 * Of a source whose answer was timed: what is asked for by then, and a pause of this process. More would only lie in front of a
 * seek, in the buffers of the line.
 */
const LEAST_OWED_MS = 40
const MOST_OWED_MS = 500
/** Priorities of a reader and the next one are so far apart: above every offset in a file. */
export const READER_STEP = 2 ** 52
const MOST_OWED_BYTES = 8 * 1024 * 1024
/** Without a byte for so long a source that owes is passed over; longer each time. */
const SILENT_MS = 1_200
const MOST_SILENCES = 4
/** A second source is asked for a late block when it is at least this much faster, within a budget of the bytes. */
const HEDGE_FACTOR = 2
const HEDGE_MARGIN_MS = 60
const HEDGE_SHARE = 0.015
const HEDGE_LEAST_BYTES = 1024 * 1024
/** Bytes a millisecond of a source that was not measured yet. */
const FIRST_RATE = 5_000
/** Of a rate: how much the newest stretch counts. */
const RATE_WEIGHT = 0.3
const RATE_STRETCH_MS = 25

interface Job {
  key: string
  size: number
  /** Lowest first. */
  priority: number
  /** Who is asked, and since when. */
  asked: Map<string, { at: number; got: number }>
  /** Who does not have it. */
  not: Set<string>
}

interface Source {
  owed: number
  rate: number | null
  /** Shortest time from a question to the first byte; null: not known. */
  roundMs: number | null
  /** When it was asked while it owed nothing, until it answers. */
  firstAskedAt: number | null
  stretchAt: number
  stretchBytes: number
  lastByteAt: number
  benchedUntil: number
  silences: number
}

/** What to do now. */
export type PullStep =
  | { do: 'ask'; source: string; key: string }
  /** It owes too long: take back what was asked. */
  | { do: 'drop'; source: string; key: string }

/**
 * Which source is asked for which block: pure, time and news are arguments (milliseconds of one clock). Sources are filled by
 * the rate that was measured on them; the last blocks are asked for twice where that saves time, within 1.5 % of the bytes.
 */
export class PullPlan {
  readonly #jobs = new Map<string, Job>()
  readonly #sources = new Map<string, Source>()
  #askedBytes = 0
  #hedgedBytes = 0

  get sources(): string[] {
    return [...this.#sources.keys()]
  }

  get waiting(): number {
    return this.#jobs.size
  }

  addSource(id: string): void {
    if (this.#sources.has(id)) return
    const nothing = { owed: 0, stretchAt: 0, stretchBytes: 0, lastByteAt: 0, benchedUntil: 0, silences: 0 }
    this.#sources.set(id, { ...nothing, rate: null, roundMs: null, firstAskedAt: null })
    for (const job of this.#jobs.values()) job.not.delete(id)
  }

  removeSource(id: string): void {
    this.#sources.delete(id)
    for (const job of this.#jobs.values()) job.asked.delete(id)
  }

  /** A block to get; for a known one only the priority is raised. */
  add(key: string, size: number, priority: number): void {
    const job = this.#jobs.get(key)
    if (job) job.priority = Math.min(job.priority, priority)
    else this.#jobs.set(key, { key, size, priority, asked: new Map(), not: new Set() })
  }

  /** Nobody wants it any more, or it is here. Returns who was asked and has not delivered. */
  remove(key: string, deliveredBy?: string): string[] {
    const job = this.#jobs.get(key)
    if (!job) return []
    this.#jobs.delete(key)
    for (const id of job.asked.keys()) this.#owe(id, -job.size)
    return [...job.asked.keys()].filter((id) => id !== deliveredBy)
  }

  progress(id: string, key: string, bytes: number, now: number): void {
    const source = this.#sources.get(id)
    if (!source) return
    const asked = this.#jobs.get(key)?.asked.get(id)
    if (asked) asked.got += bytes
    if (source.firstAskedAt !== null) {
      source.roundMs = Math.min(source.roundMs ?? Infinity, now - source.firstAskedAt)
      source.firstAskedAt = null
    }
    source.lastByteAt = now
    source.silences = 0
    source.benchedUntil = 0
    source.stretchBytes += bytes
    const stretch = now - source.stretchAt
    if (stretch < RATE_STRETCH_MS) return
    const rate = source.stretchBytes / stretch
    source.rate = source.rate === null ? rate : source.rate + (rate - source.rate) * RATE_WEIGHT
    source.stretchAt = now
    source.stretchBytes = 0
  }

  /** The source does not have the block. */
  missing(id: string, key: string): void {
    const job = this.#jobs.get(key)
    if (!job?.asked.delete(id)) return
    job.not.add(id)
    this.#owe(id, -job.size)
  }

  /** The source has too much to do. */
  busy(id: string, key: string, now: number): void {
    const job = this.#jobs.get(key)
    const source = this.#sources.get(id)
    if (!job?.asked.delete(id) || !source) return
    this.#owe(id, -job.size)
    source.benchedUntil = now + 200
  }

  /** True when no source is left that could have the block. */
  hopeless(key: string): boolean {
    const job = this.#jobs.get(key)
    return job !== undefined && [...this.#sources.keys()].every((id) => job.not.has(id))
  }

  /** What to do now; what it says is taken as done. */
  steps(now: number): PullStep[] {
    const steps: PullStep[] = []
    this.#passOverSilent(now, steps)
    const open = [...this.#jobs.values()].filter(({ asked }) => asked.size === 0)
    open.sort((a, b) => a.priority - b.priority)
    for (const job of open) {
      const id = this.#best(job, now) ?? this.#cleared(job, now, steps)
      if (id === null) continue
      this.#ask(id, job, now, steps)
    }
    if (open.every(({ asked }) => asked.size > 0)) this.#hedge(now, steps)
    return steps
  }

  /** The free source that would be through with it first. */
  #best(job: Job, now: number): string | null {
    let best: string | null = null
    let bestMs = Infinity
    for (const [id, source] of this.#sources) {
      if (job.not.has(id) || now < source.benchedUntil || source.owed + job.size > room(source, job.size)) continue
      const ms = (source.owed + job.size) / (source.rate ?? FIRST_RATE)
      if (ms < bestMs) {
        best = id
        bestMs = ms
      }
    }
    return best
  }

  /**
   * A source that is free once it takes back what an older reader wants and it has not begun to send: a player asks for the place
   * of a seek before it gives up the place before. Only for a reader that this source owes nothing yet, so that two readers that
   * go on do not push each other out.
   */
  #cleared(job: Job, now: number, steps: PullStep[]): string | null {
    for (const [id, source] of this.#sources) {
      if (job.not.has(id) || now < source.benchedUntil) continue
      const owed = [...this.#jobs.values()].filter(({ asked }) => asked.has(id))
      const isOlder = ({ priority }: Job): boolean => priority - job.priority >= READER_STEP / 2
      if (owed.length === 0 || !owed.every(isOlder)) continue
      for (const older of owed) {
        if (older.asked.get(id)!.got > 0) continue
        older.asked.delete(id)
        this.#owe(id, -older.size)
        steps.push({ do: 'drop', source: id, key: older.key })
      }
      if (source.owed + job.size <= room(source, job.size)) return id
    }
    return null
  }

  #ask(id: string, job: Job, now: number, steps: PullStep[]): void {
    const source = this.#sources.get(id)!
    if (source.owed === 0) {
      source.firstAskedAt = now
      source.stretchAt = now
      source.stretchBytes = 0
      source.lastByteAt = now
    }
    job.asked.set(id, { at: now, got: 0 })
    source.owed += job.size
    this.#askedBytes += job.size
    steps.push({ do: 'ask', source: id, key: job.key })
  }

  #hedge(now: number, steps: PullStep[]): void {
    for (const [id, source] of this.#sources) {
      if (source.owed > 0 || source.rate === null || now < source.benchedUntil) continue
      let late: Job | null = null
      let latest = 0
      for (const job of this.#jobs.values()) {
        if (job.asked.size !== 1 || job.asked.has(id) || job.not.has(id)) continue
        const [other, { got }] = [...job.asked][0]!
        const slow = this.#sources.get(other)
        if (!slow) continue
        // what was asked later waits behind what was asked before
        const remaining = (got > 0 ? job.size - got : slow.owed) / (slow.rate ?? FIRST_RATE)
        if (remaining > latest) {
          late = job
          latest = remaining
        }
      }
      if (late === null) return
      const saves = latest > (HEDGE_FACTOR * late.size) / source.rate + HEDGE_MARGIN_MS
      const budget = HEDGE_LEAST_BYTES + this.#askedBytes * HEDGE_SHARE
      if (!saves || this.#hedgedBytes + late.size > budget) return
      this.#hedgedBytes += late.size
      this.#ask(id, late, now, steps)
    }
  }

  #passOverSilent(now: number, steps: PullStep[]): void {
    for (const [id, source] of this.#sources) {
      if (source.owed <= 0 || now - source.lastByteAt < SILENT_MS) continue
      source.silences += 1
      source.benchedUntil = now + SILENT_MS * 2 ** source.silences
      source.rate = source.rate === null ? null : source.rate / 2
      for (const job of this.#jobs.values()) {
        if (!job.asked.delete(id)) continue
        this.#owe(id, -job.size)
        steps.push({ do: 'drop', source: id, key: job.key })
      }
      source.owed = 0
      source.firstAskedAt = null
      if (source.silences >= MOST_SILENCES) this.removeSource(id)
    }
  }

  #owe(id: string, bytes: number): void {
    const source = this.#sources.get(id)
    if (source) source.owed = Math.max(0, source.owed + bytes)
  }
}

function room(source: Source, size: number): number {
  const rounds = source.roundMs === null ? OWED_MS : LEAST_OWED_MS + 2 * source.roundMs
  const byRate = (source.rate ?? 0) * Math.min(MOST_OWED_MS, rounds)
  return Math.min(Math.max(byRate, size * LEAST_OWED_BLOCKS), Math.max(MOST_OWED_BYTES, size))
}
