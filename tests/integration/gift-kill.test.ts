import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeGiftLine } from '@shared/gifts/gift-line'
import { TestAccount } from '@shared/gifts/gift-test-kit'
import { ZERO_ADDRESS } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { build } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { PayerBook } from '../../src/main/ledger/gifts/payer-book'

/** `WE_KILLS=200` for a long run. */
const KILLS = Number(process.env['WE_KILLS'] ?? 8)
const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = await mkdtemp(join(tmpdir(), 'we-gift-kill-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

async function bundled(): Promise<string> {
  await build({
    configFile: false,
    ...{ root, logLevel: 'error', ssr: { noExternal: true } },
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    build: {
      ...{ ssr: true, target: 'node20.18', outDir: join(dir, 'out'), emptyOutDir: true },
      rolldownOptions: {
        input: join(root, 'tests/integration/gift-giver.ts'),
        output: { format: 'es', entryFileNames: 'giver.mjs' },
      },
    },
  })
  return join(dir, 'out/giver.mjs')
}

/** Milliseconds after its first gift at which the app is killed; spread evenly over what one gift takes and more. */
const killAfter = (round: number): number => (round * 7.3) % 23

test(`an app that is killed while it gives knows afterwards of each gift: sent, sent again or not sent (${KILLS} kills)`, async () => {
  const giver = await bundled()
  const path = join(dir, 'given.log')
  const left = new Set<string>()
  for (let round = 0; round < KILLS; round++) {
    const child = fork(giver, [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    await new Promise<void>((resolve) => {
      child.on('message', (message) => {
        if (left.size === 0 || !child.killed) setTimeout(() => child.kill('SIGKILL'), killAfter(round))
        left.add((message as { chain: string }).chain)
      })
      child.on('exit', () => resolve())
    })
  }
  const book = await PayerBook.open(path, new TestAccount(1).address)
  const again = await book.sendAgain('we://room', (bytes) => {
    left.add(decodeGiftLine(bytes).tab.chain)
    return Promise.resolve()
  })
  const gifts = book.gifts()
  expect(gifts.length).toBeGreaterThanOrEqual(KILLS)
  expect(gifts.filter(({ state }) => state !== 'sent' && state !== 'not-sent')).toEqual([])
  const sent = gifts.filter(({ state }) => state === 'sent')
  // whatever left is known to have left, and whatever counts as sent did leave
  expect(new Set(sent.map(({ line }) => line.tab.chain))).toEqual(left)
  expect(again.every((gift) => sent.includes(gift))).toBe(true)
  // one tab without a hole: nothing is paid that was not given
  sent.forEach(({ line }, at) => expect(line.tab).toMatchObject({ count: at + 1, total: BigInt(at + 1) * WEI_PER_WE }))
  expect(book.head({ creator: new TestAccount(2).address, sharer: ZERO_ADDRESS, sharerBps: 0 })).toMatchObject({
    count: sent.length,
  })
  await book.close()
})
