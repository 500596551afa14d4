import type { Stream } from '@libp2p/interface'
import { describe, expect, test } from 'vitest'
import { MOST_WAITING_AT_SOURCE_MS, StripeWriter } from './stripe-writer'

const FPS = 30
const GROUP = 15
/** 1.3 Mbit/s: a key picture five times the others, each half second. */
const PLAIN_BYTES = 4_300
const KEY_BYTES = 5 * PLAIN_BYTES
const STREAM_BPS = (FPS * 8 * (PLAIN_BYTES * (GROUP - 1) + KEY_BYTES)) / GROUP
const HELD_BYTES = 32 * 1024
const STEP_MS = 1

/** A line in virtual time: what it holds is limited, other traffic takes its part first. */
class Line extends EventTarget {
  readonly writeStatus = 'writable'
  /** Arrivals of pictures, by number. */
  readonly arrived = new Map<number, number>()
  readonly #held: { picture: number; left: number }[] = []
  #bytes = 0
  #full = false
  #credit = 0

  constructor(readonly bps: number) {
    super()
  }

  get writableNeedsDrain(): boolean {
    return this.#full
  }

  send(frame: Uint8Array): boolean {
    const picture = frame.length < 8 ? -1 : new DataView(frame.buffer, frame.byteOffset).getUint32(0)
    this.#held.push({ picture, left: frame.length })
    this.#bytes += frame.length
    this.#full ||= this.#bytes > HELD_BYTES
    return !this.#full
  }

  /** @param others bytes of other connections that go first */
  pass(now: number, others: number): void {
    this.#credit = Math.min(2 * HELD_BYTES, this.#credit + (this.bps * STEP_MS) / 8_000) - others
    while (this.#held.length > 0 && this.#credit > 0) {
      const [first] = this.#held as [{ picture: number; left: number }]
      const part = Math.min(first.left, this.#credit)
      first.left -= part
      this.#credit -= part
      this.#bytes -= part
      if (first.left > 1e-6) break
      this.#held.shift()
      this.arrived.set(first.picture, now)
    }
    if (this.#held.length === 0) this.#credit = Math.min(0, this.#credit)
    if (!this.#full || this.#bytes > HELD_BYTES / 2) return
    this.#full = false
    this.dispatchEvent(new Event('drain'))
  }
}

interface Watched {
  /** From the first picture that came on: pictures that did not come; the longest time between two; the last one's delay, milliseconds. */
  missing: number
  longestMs: number
  delayMs: number
  firstMs: number
  dropped: number
}

/** The broadcaster's only child joins in the middle of a group; 16 others set up their connections meanwhile. */
function watch({
  uplink,
  joinedAt,
  opensMs = 40,
  joins = 0,
  seconds = 10,
}: {
  uplink: number
  joinedAt: number
  opensMs?: number
  joins?: number
  seconds?: number
}): Watched {
  const line = new Line(uplink * STREAM_BPS)
  const writer = new StripeWriter(new Uint8Array(4), { waiting: 0 }, MOST_WAITING_AT_SOURCE_MS)
  const rate = STREAM_BPS / 8
  const frameOf = (picture: number): Uint8Array => {
    const frame = new Uint8Array(picture % GROUP === 0 ? KEY_BYTES : PLAIN_BYTES)
    new DataView(frame.buffer).setUint32(0, picture)
    return frame
  }
  let next = 0
  let burst = false
  const endMs = seconds * 1_000
  for (let now = 0; now < endMs; now += STEP_MS) {
    for (; (next * 1_000) / FPS <= now; next++) {
      if (now < joinedAt) continue
      if (!burst) {
        burst = true
        for (let kept = next - (next % GROUP); kept < next; kept++) writer.sendAsked(frameOf(kept))
      }
      writer.sendLive(frameOf(next), next % GROUP === 0, rate, KEY_BYTES)
    }
    if (now === joinedAt + opensMs) writer.attach(line as unknown as Stream)
    const isJoining = now > joinedAt + 100 && now <= joinedAt + 2_100
    line.pass(now, isJoining ? (joins * 9_000) / 2_000 : 0)
  }
  const pictures = [...line.arrived.keys()].filter((picture) => picture >= 0).sort((a, b) => a - b)
  const first = pictures[0]!
  let longestMs = 0
  for (let at = 1; at < pictures.length; at++) {
    longestMs = Math.max(longestMs, line.arrived.get(pictures[at]!)! - line.arrived.get(pictures[at - 1]!)!)
  }
  const last = pictures.at(-1)!
  return {
    missing: last - first + 1 - pictures.length,
    longestMs,
    delayMs: line.arrived.get(last)! - (last * 1_000) / FPS,
    firstMs: line.arrived.get(first)! - joinedAt,
    dropped: writer.dropped,
  }
}

describe('the broadcaster sends 1.15 x the stream', () => {
  test.each([10, 120, 250, 400, 480])(
    'who joins %i ms into a group sees every picture from the first on, and catches up',
    (joinedAt) => {
      const seen = watch({ uplink: 1.15, joinedAt })
      expect(seen).toMatchObject({ missing: 0, dropped: 0 })
      expect(seen.longestMs).toBeLessThan(190)
      expect(seen.firstMs).toBeLessThan(250)
      expect(seen.delayMs).toBeLessThan(150)
    },
  )

  test('16 connections that are set up meanwhile cost no picture', () => {
    const seen = watch({ uplink: 1.15, joinedAt: 400, joins: 16 })
    expect(seen).toMatchObject({ missing: 0, dropped: 0 })
  })

  test('a stream that takes 300 ms to open costs no picture', () => {
    expect(watch({ uplink: 1.15, joinedAt: 250, opensMs: 300 })).toMatchObject({ missing: 0, dropped: 0 })
  })
})

test('a line that carries less than the stream loses pictures, and its delay stays bounded', () => {
  const seen = watch({ uplink: 0.8, joinedAt: 400, seconds: 20 })
  expect(seen.dropped).toBeGreaterThan(50)
  expect(seen.delayMs).toBeLessThan(1_500)
})
