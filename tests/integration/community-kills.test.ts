import { DatabaseSync } from '@photostructure/sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodeLogRequest, MAX_RANGE, readAnswerFrame } from '@shared/community/log-messages'
import { CommunityLog } from '../../src/main/community/log/community-log'
import { TempLog, testSchemas } from '../../src/main/community/testing/temp-log'
import { TestDevice } from '../../src/main/community/testing/test-device'
import { killedRun } from './killed-run'
import { bundle } from './peer-fleet'

/** `WE_LOG_KILLS=200` for a long run. */
const KILLS = Number(process.env['WE_LOG_KILLS'] ?? 3)
const MAX_RUN_MS = 120

let writer = ''
let dir = ''
beforeAll(async () => {
  writer = await bundle('community-writer')
  dir = await mkdtemp(join(tmpdir(), 'we-log-kills-'))
})
afterAll(async () => {
  await rm(dirname(writer), { recursive: true, force: true })
  await rm(dir, { recursive: true, force: true })
})

/** Runs the writer, kills it `afterMs` after it said `word`, and returns the ids that it last said were on disk. */
async function idsOfKilledRun(last: readonly string[], word: string, afterMs: number): Promise<string[]> {
  const text = await killedRun([writer, dir, ...last], word, afterMs)
  const ids = text.split('\n').slice(0, -1).at(-1)!.split(' ').slice(1)
  return ids.map((id, at) => (id === '-' ? (last[at] ?? '-') : id))
}

it(
  `no entry is lost by ${KILLS} kills in the middle of writing and taking in, and both logs verify from end to end`,
  async () => {
    let random = 1
    let last: string[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      random = (random * 48_271) % 2_147_483_647 // Park and Miller's generator: the same points in every run
      // Most of them among batches, however slow the machine is; some right after opening.
      last = await idsOfKilledRun(last, kill % 4 === 3 ? 'open ' : 'batch ', (random / 2_147_483_647) * MAX_RUN_MS)
    }
    const path = join(dir, 'log.sqlite')
    const log = new CommunityLog({ path, key: new TestDevice(), schemas: testSchemas })
    const fresh = new TempLog({ now: Date.now })
    for (const byte of [1, 2]) {
      const device = new TestDevice(new Uint8Array(32).fill(byte)).publicKey
      const { first, last: newest } = log.extent(device)!
      expect(first).toBe(0)
      expect(newest).toBeGreaterThanOrEqual(KILLS)
      for (let from = 0; from <= newest; from += MAX_RANGE) {
        const frames = log.answer(encodeLogRequest({ a: device, from, limit: MAX_RANGE, bodies: true }))!
        expect((await fresh.log.accept(frames.flatMap(readAnswerFrame), { device })).refused).toBeNull()
      }
      expect(fresh.log.extent(device)).toEqual({ first: 0, last: newest })
    }
    expect(fresh.log.count()).toEqual(log.count())
    log.close()
    fresh.remove()
    const database = new DatabaseSync(path)
    expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
    database.close()
  },
  KILLS * 4_000 + 60_000,
)
