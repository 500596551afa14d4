import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MinuteBook } from './minute-book'

const MINUTE = 60_000
const [first, second] = [`0x${'a1'.repeat(32)}`, `0x${'b2'.repeat(32)}`]
let dir: string
let burnt: Map<string, number>
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-minutes-'))
  burnt = new Map()
})
afterEach(() => rm(dir, { recursive: true, force: true }))
const open = (): Promise<MinuteBook> =>
  MinuteBook.open(join(dir, 'minutes.json'), (live) => Promise.resolve(burnt.get(live) ?? 0))

test('what a live leaves of its minutes is there for the next one, also after a restart', async () => {
  const book = await open()
  book.begin(first)
  burnt.set(first, 10)
  for (let at = 0; at < 5; at++) book.used(30_000)
  await book.end()
  expect(book.leftMs).toBe(7.5 * MINUTE)

  const again = await open()
  expect(again.leftMs).toBe(7.5 * MINUTE)
  again.begin(second)
  again.used(8 * MINUTE) // half a minute beyond: more was burnt for it
  burnt.set(second, 1)
  await again.end()
  expect(again.leftMs).toBe(0.5 * MINUTE)
})

test('a live that was killed gives back what the market has burnt for it and it has not used, to ten seconds', async () => {
  const book = await open()
  book.begin(first)
  burnt.set(first, 10)
  book.used(4 * MINUTE)
  book.used(5_000) // not saved yet
  await book.close() // no end: killed here
  expect((await open()).leftMs).toBe(6 * MINUTE)
  await writeFile(join(dir, 'minutes.json'), '{"v":1,"leftMs":-5}')
  expect((await open()).leftMs).toBe(0)
})

test('a live on grace time leaves nothing, and nothing is owed', async () => {
  const book = await open()
  book.begin(first)
  burnt.set(first, 1)
  book.used(2 * MINUTE)
  await book.end()
  expect(book.leftMs).toBe(0)
})

test('a live that begins before the market has answered for the one before leaves its minutes where they are', async () => {
  const book = await open()
  book.begin(first)
  burnt.set(first, 10)
  book.used(4 * MINUTE)
  const ending = book.end()
  book.begin(second)
  burnt.set(second, 10)
  await ending
  book.used(MINUTE)
  expect(book.leftMs).toBe(6 * MINUTE)
  await book.end()
  expect(book.leftMs).toBe(15 * MINUTE)
})
