import { describe, expect, it } from 'vitest'
import { BitrateController } from '../../src/main/media/encode/bitrate-controller'
import { LinkUplink } from '../../src/main/peer/link-uplink'

const SAMPLE_MS = 250
const SEGMENT_MS = 500
const SOUND_KBPS = 135
/** From the target to the first segment that has it: a new encoder, the next group border, and that group. */
const ENCODER_MS = 700
const ROUND_TRIP_MS = 40

interface Moment {
  at: number
  target: number
  queueMs: number
}

/**
 * An uplink as a pipe of bytes: announcements wait behind all before them, WANTs come back after a round trip, blocks
 * follow. `capacity`: kilobits a second at a time.
 */
function simulate(seconds: number, capacity: (ms: number) => number, noise = 0): Moment[] {
  const controller = new BitrateController({ floorKbps: 400, maxKbps: 3500 })
  const link = new LinkUplink()
  const moments: Moment[] = []
  const targets: { at: number; kbps: number }[] = [{ at: -ENCODER_MS, kbps: 3500 }]
  // The pipe: bytes in order; `then` when the last of them is through.
  const pipe: { left: number; then?: () => void }[] = []
  const later: { at: number; run: () => void }[] = []
  const handed = { bytes: 0 }
  let encodedKbps = 3500
  let random = 1
  const STEP = 10
  for (let now = 0; now < seconds * 1000; now += STEP) {
    let room = (capacity(now) * STEP) / 8
    for (let head = pipe[0]; head && room > 0; head = pipe[0]) {
      const sent = Math.min(room, head.left)
      head.left -= sent
      room -= sent
      if (head.left > 0) break
      pipe.shift()
      head.then?.()
    }
    for (const due of later.filter(({ at }) => at <= now)) {
      later.splice(later.indexOf(due), 1)
      due.run()
    }
    if (now % SEGMENT_MS === 0) {
      random = (random * 48_271) % 2_147_483_647
      const wobble = 1 + noise * (random / 1_073_741_823.5 - 1)
      const bytes = ((encodedKbps * wobble + SOUND_KBPS) * SEGMENT_MS) / 8
      const cid = `segment ${now}`
      const published = now
      link.announced([cid], published, handed.bytes)
      pipe.push({ left: 300 })
      const announcement = pipe.at(-1)!
      announcement.then = () => {
        const arrived = clock.now
        later.push({
          at: arrived + ROUND_TRIP_MS,
          run: () => {
            link.wanted(cid, clock.now)
            handed.bytes += bytes
            pipe.push({ left: bytes })
          },
        })
      }
    }
    clock.now = now
    if (now % SAMPLE_MS === 0) {
      const figures = link.figures(now, 0, encodedKbps)
      if (figures) controller.take({ atMs: now, ...figures, links: 1 })
      targets.push({ at: now, kbps: controller.targetKbps })
      encodedKbps = targets.findLast(({ at }) => at <= now - ENCODER_MS)?.kbps ?? 3500
      const queued = pipe.reduce((sum, { left }) => sum + left, 0)
      moments.push({ at: now, target: encodedKbps, queueMs: (queued * 8) / Math.max(1, capacity(now)) })
    }
  }
  return moments
}

const clock = { now: 0 }

/** What leaves the encoder at a time, kilobits a second of picture. */
function at(moments: Moment[], ms: number): number {
  return moments.find((moment) => moment.at >= ms)!.target
}

function between(moments: Moment[], from: number, to: number): number[] {
  return moments.filter((moment) => moment.at >= from && moment.at < to).map(({ target }) => target)
}

describe('the bitrate on a line', () => {
  it('stays full where the line suffices', () => {
    expect(
      new Set(
        between(
          simulate(120, () => 4200, 0.2),
          0,
          120_000,
        ),
      ),
    ).toEqual(new Set([3500]))
  })

  it.each([0.7, 0.5, 0.4, 0.25])('is below a line that falls to %f of itself, in under 4 s', (share) => {
    const line = 3635 * share
    const moments = simulate(180, (ms) => (ms < 20_000 ? 4500 : line), 0.1)
    expect(at(moments, 19_900)).toBe(3500)
    expect(at(moments, 24_000) + SOUND_KBPS).toBeLessThan(line)
    // What has piled up is gone soon.
    expect(moments.find((moment) => moment.at >= 45_000)!.queueMs).toBeLessThan(1200)
    // From then on it comes within 15 % of the line, and above it by at most 15 % while it tries.
    const settled = between(moments, 75_000, 180_000).map((kbps) => kbps + SOUND_KBPS)
    expect(Math.max(...settled)).toBeGreaterThan(line * 0.85)
    expect(Math.max(...settled)).toBeLessThan(line * 1.15)
    expect(Math.min(...settled)).toBeGreaterThan(line * 0.55)
  })

  it('follows a line that falls slowly', () => {
    const line = (ms: number): number => Math.max(1200, 4500 - Math.max(0, ms - 10_000) * 0.05)
    const moments = simulate(140, line, 0.1)
    for (const { at, target, queueMs } of moments.filter((moment) => moment.at > 30_000)) {
      expect(queueMs, `at ${at}`).toBeLessThan(4000)
      expect(target).toBeLessThan(line(at) * 1.6)
    }
    expect(moments.at(-1)!.target + SOUND_KBPS).toBeLessThan(1200)
    expect(moments.at(-1)!.target + SOUND_KBPS).toBeGreaterThan(1200 * 0.6)
  })

  it('does not follow a line that swings every few seconds up and down, but stays where it fits', () => {
    const moments = simulate(180, (ms) => (ms < 10_000 ? 4500 : Math.floor(ms / 5000) % 2 ? 1500 : 3800), 0.1)
    const settled = between(moments, 60_000, 180_000)
    let turns = 0
    for (let i = 2; i < settled.length; i++) if (settled[i]! < settled[i - 1]!) turns++
    expect(turns).toBeLessThanOrEqual(3)
    expect(Math.max(...settled)).toBeLessThan(2600)
  })

  it('goes to the floor when nothing gets through, and all the way up again when the line is back', () => {
    const moments = simulate(400, (ms) => (ms > 20_000 && ms < 32_000 ? 0 : 4500))
    expect(Math.min(...between(moments, 24_000, 32_000))).toBe(400)
    expect(at(moments, 399_000)).toBe(3500)
    const rises = between(moments, 50_000, 400_000)
    for (let i = 1; i < rises.length; i++) expect(rises[i]! / rises[i - 1]!).toBeLessThan(1.11)
  })
})
