import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileURLToPath } from 'node:url'
import { ZERO_BYTES32 } from '@shared/money/address'
import { DAY_MS } from '@shared/wallet/room-budget'
import { SpendingBook } from './spending-book'

let dir: string
let path: string
const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error
const chain = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-spending-'))
  path = join(dir, 'spending.json')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('a total only grows, also after a restart; the very same tab may be signed again', async () => {
  const book = await SpendingBook.open(path)
  expect(book.head('a')).toEqual({ total: 0n, count: 0, chain: ZERO_BYTES32 })
  await book.reserve({ heads: [{ line: 'a', next: { total: 10n, count: 1, chain: chain(1) } }] })
  const again = await SpendingBook.open(path)
  await again.reserve({ heads: [{ line: 'a', next: { total: 10n, count: 1, chain: chain(1) } }] })
  for (const next of [
    { total: 9n, count: 2, chain: chain(2) },
    { total: 10n, count: 2, chain: chain(2) },
    { total: 11n, count: 1, chain: chain(2) },
    { total: 10n, count: 1, chain: chain(2) },
  ]) {
    await expect(again.reserve({ heads: [{ line: 'a', next }] })).rejects.toThrow(code('tab-backwards'))
  }
  expect(again.head('a').total).toBe(10n)
  expect(again.head('b').total).toBe(0n)
})

test('a day’s spending is forgotten after a day and not before, also when the clock is set back', async () => {
  let now = 1_000 * DAY_MS
  const book = await SpendingBook.open(path, () => now)
  await book.reserve({ spending: { room: 'r', wei: 5n, kind: 'gift' } })
  await book.reserve({ spending: { room: 's', wei: 7n, kind: 'gift' } })
  await book.reserve({ spending: { room: 'r', wei: 100n, kind: 'deposit' } })
  expect([book.spent('gift', 'r'), book.spent('gift'), book.spent('deposit')]).toEqual([5n, 12n, 100n])
  now -= 5 * DAY_MS
  expect(book.spent('gift')).toBe(12n)
  now += 6 * DAY_MS - 1
  expect((await SpendingBook.open(path, () => now)).spent('gift')).toBe(12n)
  now += 2
  expect(book.spent('gift')).toBe(0n)
})

test('what is not allowed, or cannot be written, changes nothing', async () => {
  const book = await SpendingBook.open(path)
  const refuse = (): void => {
    throw new Error('too much')
  }
  const next = { total: 1n, count: 1, chain: chain(1) }
  const spending = { room: 'r', wei: 5n, kind: 'gift' } as const
  await expect(book.reserve({ heads: [{ line: 'a', next }], spending, allow: refuse })).rejects.toThrow('too much')
  await rm(dir, { recursive: true })
  await expect(book.reserve({ heads: [{ line: 'a', next }], spending })).rejects.toThrow(code('wallet-not-written'))
  expect([book.head('a').total, book.spent('gift')]).toEqual([0n, 0n])
})

test('a broken file is refused: nothing is signed on a guess', async () => {
  await writeFile(path, '{"v":1,"heads":{')
  await expect(SpendingBook.open(path)).rejects.toThrow(code('spending-book-broken'))
})

/** WE_KILLS: how often the process is killed; the nightly run takes more. */
const KILLS = Number(process.env['WE_KILLS'] ?? 8)

test('killed at any moment, what has left was counted first', { timeout: 20_000 + KILLS * 2_000 }, async () => {
  const child = await built()
  let left = 0n
  for (let kill = 0; kill < KILLS; kill += 1) {
    const process = spawn('node', [child, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    process.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    await once(process.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, (kill * 7) % 50))
    process.kill('SIGKILL')
    await once(process, 'close')
    // each whole line is one signature that has left
    left += BigInt(out.split('\n').length - 1)
    const book = await SpendingBook.open(path)
    expect(book.spent('gift', 'room')).toBeGreaterThanOrEqual(left)
    expect(book.head('line').total).toBe(book.spent('gift', 'room'))
  }
  expect(left).toBeGreaterThan(BigInt(KILLS))
})

/** A program that spends 1 wei after another and says each after it was counted, as plain JavaScript. */
async function built(): Promise<string> {
  const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
  const entry = join(dir, 'spender.ts')
  await writeFile(
    entry,
    `import { SpendingBook } from '${at('./spending-book.ts')}'
     const book = await SpendingBook.open(process.argv[2])
     for (;;) {
       const { total, count } = book.head('line')
       const next = { total: total + 1n, count: count + 1, chain: '${chain(1)}' }
       await book.reserve({ heads: [{ line: 'line', next }], spending: { room: 'room', wei: 1n, kind: 'gift' } })
       process.stdout.write('signed\\n')
     }`,
  )
  await build({
    logLevel: 'silent',
    configFile: false,
    resolve: { alias: { '@shared': at('../../../shared') } },
    build: {
      ssr: entry,
      outDir: join(dir, 'built'),
      target: 'node20.18',
      rolldownOptions: { output: { entryFileNames: 'spender.mjs' } },
    },
    ssr: { noExternal: true },
  })
  return join(dir, 'built', 'spender.mjs')
}
