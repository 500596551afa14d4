import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EmbeddedLedger } from '../../src/main/ledger/embedded/embedded-ledger'
import { openLedger } from '../../src/main/ledger/embedded/open-ledger'
import { removeTempFolders, tempFolder } from '../../src/main/ledger/embedded/testing/temp-ledger'
import { killedRun } from './killed-run'
import { bundle } from './peer-fleet'

/** `WE_LEDGER_KILLS=200` for a long run. */
const KILLS = Number(process.env['WE_LEDGER_KILLS'] ?? 15)
const MAX_RUN_MS = 200
const SEED = Number(process.env['WE_LEDGER_SEED'] ?? 1)

let writer = ''
beforeAll(async () => {
  writer = await bundle('ledger-writer')
})
afterAll(async () => {
  await rm(dirname(writer), { recursive: true, force: true })
  await removeTempFolders()
})

interface Confirmed {
  height: string
  hash: string
}

/** Runs the writer, kills it `afterMs` after it said `word`, and returns the last block that it said was on disk. */
async function blockOfKilledRun(
  dir: string,
  last: Confirmed | null,
  word: string,
  afterMs: number,
): Promise<Confirmed> {
  const args = last === null ? [dir] : [dir, last.height, last.hash]
  const text = await killedRun([writer, ...args], word, afterMs)
  const line = text.trimEnd().split('\n').at(-1)!
  const [, height = '', hash = ''] = line.split(' ')
  return { height, hash }
}

it(
  `nothing confirmed is lost by ${KILLS} kills in the middle of writing, and the log replays to the same state`,
  async () => {
    const dir = await tempFolder()
    let random = SEED
    let last: Confirmed | null = null
    for (let kill = 0; kill < KILLS; kill++) {
      random = (random * 48_271) % 2_147_483_647 // Park and Miller's generator: the same points in every run
      // Most of them among blocks, however slow the machine is; some right after opening.
      const word = kill % 4 === 3 ? 'open ' : 'block '
      last = await blockOfKilledRun(dir, last, word, (random / 2_147_483_647) * MAX_RUN_MS)
    }
    const host = await openLedger({ dir })
    const { store, head } = host.ledger
    expect(head.height).toBeGreaterThanOrEqual(Number(last!.height))
    expect(head.height).toBeGreaterThanOrEqual(Math.floor(KILLS * 0.75))
    const follower = await EmbeddedLedger.open({
      folder: join(await tempFolder(), 'blocks'),
      genesis: store.genesis()!,
    })
    for (let height = 1; height <= head.height; height++) await follower.importBlock(store.block(height)!)
    expect(follower.head).toEqual(head)
    await Promise.all([follower.close(), host.close()])
  },
  KILLS * 4_000 + 60_000,
)
