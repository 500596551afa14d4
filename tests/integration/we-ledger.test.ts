import { BrowserProvider } from 'ethers'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '../../src/main/ledger/embedded/open-ledger'
import { FREELY, testWallet } from '../../src/main/ledger/embedded/testing/temp-ledger'
import { tellStory } from '../../src/main/ledger/testing/money-story'
import { lockProfile } from '../../src/main/platform/profile-lock'
import { we } from './we-command'

let dir = ''
const VIEWER = testWallet(1).address

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-ledger-command-'))
  const opened = await openLedger({ dir: join(dir, 'ledgers', 'home'), admission: FREELY })
  const provider = new BrowserProvider(opened, undefined, { cacheTimeout: -1 })
  provider.pollingInterval = 10
  await tellStory(opened.ledger.contracts, {
    ...{ viewer: testWallet(1).connect(provider), creator: testWallet(2).connect(provider) },
    ...{ sharer: testWallet(3).address, chainId: BigInt(opened.ledger.chainId) },
  })
  provider.destroy()
  await opened.close()
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function ledger(...args: string[]) {
  const run = we(['ledger', ...args, '--data', dir])
  const code = await run.exit
  return { code, rows: run.events as Record<string, unknown>[], text: run.noise.join('\n'), stderr: run.stderr() }
}

test('we ledger query finds by person and kind, as JSON and as a table; also while the app has the profile', async () => {
  const found = await ledger('query', '--person', VIEWER, '--kind', 'gift', '--kind', 'deposit', '--json')
  expect(found.rows.map(({ kind }) => kind)).toEqual(['deposit', 'gift'])
  expect(found.rows[1]).toMatchObject({
    amountWei: '1500000000000000000',
    settled: true,
    verifier: { how: 'executed' },
  })
  const lock = await lockProfile(dir)
  try {
    const meanwhile = await ledger('query', '--kind', 'gift', '--csv')
    expect(meanwhile.text).toMatch(/^time,kind,words,[^]*,gift,/)
    expect(meanwhile.stderr).toContain('The profile is in use')
  } finally {
    await lock.release()
  }
})

test('we ledger export writes a file, and wrong words are refused with the right ones', async () => {
  const file = join(dir, 'all.json')
  expect((await ledger('export', file, '--since', '1h')).code).toBe(0)
  expect((JSON.parse(await readFile(file, 'utf8')) as unknown[]).length).toBeGreaterThan(10)
  const list = join(dir, 'contracts.json')
  await writeFile(list, '{"contracts": {}}')
  const refused = await ledger('networks', 'add', '--name', 'X', '--rpc', 'http://rpc.example.org', '--contracts', list)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('https://') as string })
  expect(await ledger('query', '--kind', 'presents')).toMatchObject({ code: 2 })
})
