import { expect, test } from 'vitest'
import { rawCid } from '../content-id'
import { Announcer } from './announcer'

const HOUR = 3_600_000
const cids = Array.from({ length: 10 }, (_, index) => rawCid(new Uint8Array([index])))

/** An announcer on a clock of the test; `nodes`: how many take note. */
function announcer(nodes = 3) {
  const seen = { at: 0, nodes, wanted: cids, said: [] as string[], withdrawn: [] as string[], atOnce: 0, most: 0 }
  const one = new Announcer({
    wanted: () => seen.wanted,
    provide: async (cid) => {
      seen.most = Math.max(seen.most, ++seen.atOnce)
      await Promise.resolve()
      seen.atOnce -= 1
      seen.said.push(cid.toString())
      return seen.nodes
    },
    withdraw: (cid) => Promise.resolve(void seen.withdrawn.push(cid.toString())),
    log: () => undefined,
    now: () => seen.at,
    random: () => 0.5,
  })
  return { one, seen }
}

test('all that is published is announced in small batches, and again within 12 to 22 hours, not earlier', async () => {
  const { one, seen } = announcer()
  await one.turn()
  expect(seen.said).toHaveLength(4)
  for (let turn = 0; turn < 5; turn += 1) await one.turn()
  expect(new Set(seen.said).size).toBe(10)
  expect(seen.said).toHaveLength(10)
  expect(seen.most).toBeLessThanOrEqual(4)
  expect(one.figures).toEqual({ announced: 10, toAnnounce: 10 })
  seen.at = 12 * HOUR
  await one.turn()
  expect(seen.said).toHaveLength(10)
  seen.at = 22 * HOUR
  for (let turn = 0; turn < 5; turn += 1) await one.turn()
  expect(seen.said).toHaveLength(20)
})

test('where nobody takes note it is tried again, each time later, and counts as not announced', async () => {
  const { one, seen } = announcer(0)
  seen.wanted = cids.slice(0, 1)
  const times: number[] = []
  for (seen.at = 0; seen.at <= 80_000; seen.at += 1_000) {
    const before = seen.said.length
    await one.turn()
    if (seen.said.length > before) times.push(seen.at / 1000)
  }
  expect(times).toEqual([0, 5, 15, 35, 75])
  expect(one.figures).toEqual({ announced: 0, toAnnounce: 1 })
  seen.nodes = 2
  seen.at = 10 * HOUR
  const told = one.announced(cids[0]!, AbortSignal.timeout(5_000))
  await one.turn()
  expect(await told).toBe(2)
})

test('what is unpinned or removed is not announced again', async () => {
  const { one, seen } = announcer()
  seen.wanted = cids.slice(0, 2)
  await one.turn()
  seen.wanted = cids.slice(0, 1)
  one.changed()
  await one.turn()
  expect(seen.withdrawn).toEqual([cids[1]!.toString()])
  seen.at = 22 * HOUR
  await one.turn()
  expect(seen.said.filter((cid) => cid === cids[1]!.toString())).toHaveLength(1)
})
