import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CommunityLog } from '../main/community/log/community-log'
import { testSchemas } from '../main/community/testing/temp-log'
import { TestAccount } from '../main/community/testing/test-device'
import { ed25519Signer } from '../main/platform/ed25519'
import { loadDeviceKey } from '../main/wallet/device-key'
import type { CommandContext } from './context'
import { logCommand } from './log'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'we-cli-log-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const told: [string, Record<string, unknown>][] = []
const context: CommandContext = {
  output: {
    json: true,
    event: (name, fields = {}) => told.push([name, fields]),
    line: () => undefined,
    log: () => undefined,
  },
  ...{ signal: new AbortController().signal, ffmpegPath: '', modelsDir: '', demoWorkerPath: '' },
}
const run = (dataDir: string, words: string[], account?: string): Promise<number> =>
  logCommand({ words, account, dataDir }, context)

it('we log shows the records of a profile, and brings them into another one by a file', async () => {
  const [here, there] = [join(folder, 'here'), join(folder, 'there')]
  const { peerKey } = await loadDeviceKey(here)
  const key = { publicKey: peerKey.publicKey.raw, sign: ed25519Signer(peerKey.raw) }
  const account = new TestAccount()
  const log = new CommunityLog({ path: join(here, 'community', 'log.sqlite'), key, schemas: testSchemas })
  log.grant(await account.grant(key))
  log.append([{ kind: 'profile', body: { name: 'Ann' }, replaceKey: 'me' }])
  log.close()

  const file = join(folder, 'ann.car')
  await expect(run(there, ['export', file])).rejects.toMatchObject({ code: 'log-no-account' })
  await run(here, ['export', file])
  await run(there, ['import', file])
  await run(there, ['status'], account.address)
  const device = Buffer.from(key.publicKey).toString('hex')
  expect(told.map(([name]) => name)).toEqual(['exported', 'imported', 'log', 'device'])
  expect(told[1]![1]).toMatchObject({ entries: 2 })
  expect(told[3]![1]).toEqual({ device, first: 0, last: 1, frozenAbove: null, forked: false })
  await expect(run(here, ['import', join(folder, 'none.car')])).rejects.toMatchObject({ code: 'not-readable' })
  await expect(run(here, ['export'])).rejects.toMatchObject({ code: 'usage' })
})
