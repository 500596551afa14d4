import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseLedgerAddress } from '@shared/ledger/ledger-address'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LocalLedgers } from '../main/ledger/embedded/local-ledgers'
import type { CommandContext } from './context'
import { foundLedgerCommand, type FoundLedgerArguments } from './found-ledger'

let dir: string
let said: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-found-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function run(profile: string, args: Partial<FoundLedgerArguments>): Promise<Record<string, unknown>> {
  said = ''
  let event: Record<string, unknown> = {}
  const output = {
    event: (name: string, fields: Record<string, unknown>) => (event = { name, ...fields }),
    log: (text: string) => (said += `${text}\n`),
  }
  const all = {
    action: 'found' as const,
    authorities: undefined,
    name: undefined,
    dataDir: join(dir, profile),
    ...args,
  }
  expect(await foundLedgerCommand(all, { output } as unknown as CommandContext)).toBe(0)
  return event
}

test('a community founds a ledger with the keys of its members, and its founder has it afterwards', async () => {
  const addresses: string[] = []
  for (const profile of ['ann', 'bea', 'cleo']) {
    addresses.push((await run(profile, { action: 'authority' }))['address'] as string)
  }
  expect(await run('ann', { action: 'authority' })).toEqual({ name: 'authority', address: addresses[0] })
  const founded = await run('ann', { authorities: addresses.join(', '), name: 'Three' })
  expect(founded).toMatchObject({ name: 'Three', authorities: addresses, needed: 2, height: 0 })
  expect(said).toContain('A block needs 2 of 3 signatures')
  const { ledger, peerId } = parseLedgerAddress(founded['address'] as string)
  expect(said).toContain(`we ledger follow we://${peerId}/ledger/${ledger}`)

  const ledgers = new LocalLedgers({ dir: join(dir, 'ann', 'ledgers') })
  expect(await ledgers.follow(ledger)).toMatchObject({ name: 'Three', chainId: founded['chainId'], height: 0 })
  await ledgers.close()
})

test('wrong authorities are refused with the right words', async () => {
  const one = `0x${'ab'.repeat(20)}`
  for (const [authorities, words] of [
    [undefined, '--authorities'],
    ['', 'no authority'],
    [`${one},ann`, '“ann” is no authority'],
    [`${one},0x${'AB'.repeat(20)}`, 'named twice'],
    [Array(33).fill(one).join(','), '1 to 32'],
  ] as const) {
    await expect(run('ann', { authorities })).rejects.toThrow(words)
  }
  const foreign = await run('ann', { authorities: one })
  expect(foreign).toMatchObject({ needed: 1 })
  expect(said).toContain('it makes no blocks')
})
