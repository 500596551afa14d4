import { expect, test } from 'vitest'
import { SegmentShare } from './segment-share'

const STREAM = 1_300_000
const SEGMENT = 81_000

/** Bytes answered in 20 s while somebody asks every 50 ms and the mesh takes `meshBps`. */
function answered(uplinkBps: number, meshBps: number, members: number, dropsEach = 0): number {
  const share = new SegmentShare(uplinkBps, STREAM, 0)
  let bytes = 0
  for (let now = 0; now < 20_000; now += 50) {
    const dropped = dropsEach === 0 ? 0 : Math.floor(now / dropsEach)
    if (share.take(SEGMENT, { sent: (meshBps * now) / 8_000, dropped, members }, now)) bytes += SEGMENT
  }
  return bytes
}

test('a crowd that asks for segments leaves the mesh of a tight uplink its line', () => {
  expect(answered(1.15 * STREAM, STREAM, 16)).toBe(0)
  const bps = (answered(1.5 * STREAM, STREAM, 16) * 8) / 20
  expect(bps).toBeGreaterThan(0.2 * STREAM)
  expect(bps).toBeLessThan(0.45 * STREAM)
})

test('also before the mesh has begun to send: newcomers do not take the room that it needs', () => {
  expect((answered(1.15 * STREAM, 0, 16) * 8) / 20).toBeLessThan(0.1 * STREAM)
})

test('what is idle beside the mesh is given to viewers that ask', () => {
  const bps = (answered(3 * STREAM, STREAM, 4) * 8) / 20
  expect(bps).toBeGreaterThan(1.5 * STREAM)
  expect(bps).toBeLessThan(2 * STREAM)
})

test('viewers without a mesh get what the owner allows', () => {
  expect((answered(2 * STREAM, 0, 0) * 8) / 20).toBeGreaterThan(1.7 * STREAM)
})

test('a line without a known limit answers all until the mesh has to drop pieces', () => {
  expect(answered(Infinity, STREAM, 4)).toBe(400 * SEGMENT)
  expect((answered(Infinity, STREAM, 4, 500) * 8) / 20).toBeLessThan(0.8 * STREAM)
})

test('what is answered goes out at the pace that the mesh leaves', () => {
  const share = new SegmentShare(1.5 * STREAM, STREAM, 0)
  const load = { sent: 0, dropped: 0, members: 16 }
  let sent = 0
  for (let now = 0; now < 10_000; now += 5) if (share.pace(15_000, load, now) === 0) sent += 15_000
  expect((sent * 8) / 10).toBeGreaterThan(0.3 * STREAM)
  expect((sent * 8) / 10).toBeLessThan(0.4 * STREAM)
})
