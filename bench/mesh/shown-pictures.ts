import { JitterBuffer, playRate } from '@shared/live/jitter-buffer'
import { PlayClock } from '@shared/live/play-clock'

/** A picture that came to a viewer. */
export interface Arrival {
  /** Milliseconds of `performance.now()`. */
  at: number
  mediaMs: number
  key: boolean
  /** From its capture to its arrival, milliseconds. */
  delayMs: number
}

export interface Shown {
  /** Milliseconds in which a picture stood still for more than 190 ms (live.md 2). */
  stalledMs: number
  /** From capture to screen, of each picture that was shown. */
  delays: number[]
}

const STALL_MS = 190
const TICK_MS = 1000 / 60
/** As `UnitPlayer` has them. */
const TUNE_MS = 250
const JUMP_MS = 1000

/**
 * What the player of the app would have put on the screen: its own jitter buffer, clock and speed, run over the arrivals at 60 ticks a
 * second, without decoder and sound. It says less than the window does (a decoder takes time too), and more than arrivals do.
 * @param from counted from here, to `until`; what came before is played all the same
 */
export function shownPictures(arrivals: readonly Arrival[], frameMs: number, from: number, until: number): Shown {
  const jitter = new JitterBuffer()
  const clock = new PlayClock()
  const shown: Shown = { stalledMs: 0, delays: [] }
  const stand = (since: number, now: number): void => {
    if (now - since > STALL_MS) shown.stalledMs += Math.max(0, now - Math.max(since, from))
  }
  let came = 0 // so many have arrived
  let next = 0 // the first that was neither shown nor passed over
  let started = false
  let tunedAt = -Infinity
  let newestEnd = -Infinity
  let lastAt: number | null = null
  const keyBefore = (want: number): number => {
    for (let i = came - 1; i >= next; i--) if (arrivals[i]!.key && arrivals[i]!.mediaMs <= want) return i
    return -1
  }
  for (let now = arrivals[0]?.at ?? until; now < until; now += TICK_MS) {
    for (; came < arrivals.length && arrivals[came]!.at <= now; came++) {
      const { at, mediaMs } = arrivals[came]!
      jitter.arrive(at, mediaMs)
      newestEnd = Math.max(newestEnd, mediaMs + frameMs)
    }
    if (now - tunedAt >= TUNE_MS) {
      tunedAt = now
      jitter.update(now)
      if (started && !clock.held) {
        const delayMs = now - clock.position(now) - jitter.base
        const want = now - jitter.base - jitter.targetMs
        const key = delayMs - jitter.targetMs > JUMP_MS ? keyBefore(want) : -1
        if (key >= 0) {
          next = key
          clock.start(now, want)
        }
        clock.setRate(now, playRate(key >= 0 ? jitter.targetMs : delayMs, jitter.targetMs))
      }
    }
    if (!started) {
      const want = now - jitter.base - jitter.targetMs
      const key = keyBefore(want)
      const first = key >= 0 ? key : arrivals.findIndex((one) => one.key)
      if (first < 0 || first >= came) continue
      next = first
      started = true
      clock.start(now, want)
    }
    const position = clock.position(now)
    if (!clock.held && position >= newestEnd) clock.hold(now, newestEnd)
    else if (clock.held && newestEnd > position + frameMs / 2) clock.start(now, position)
    let due = -1
    while (next < came && arrivals[next]!.mediaMs <= position + TICK_MS / 2) due = next++
    if (due < 0) continue
    if (lastAt !== null) stand(lastAt, now)
    lastAt = now
    const { at, delayMs } = arrivals[due]!
    if (now >= from) shown.delays.push(delayMs + now - at)
  }
  stand(lastAt ?? Math.max(from, arrivals[0]?.at ?? from), until)
  return shown
}
