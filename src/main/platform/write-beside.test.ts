import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBeside } from './write-beside'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-write-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('replaces a file whole, with the mode asked for, and leaves nothing beside it', async () => {
  const path = join(dir, 'a')
  await writeFile(path, 'old')
  await writeBeside(path, 'new', { mode: 0o600 })
  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(dir)).toEqual(['a'])
})

test('only if new: the first of several wins, the others are told', async () => {
  const path = join(dir, 'a')
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => writeBeside(path, String(index), { onlyIfNew: true })),
  )
  const won = results.findIndex(({ status }) => status === 'fulfilled')
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await readFile(path, 'utf8')).toBe(String(won))
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'EEXIST' })
  expect(await readdir(dir)).toEqual(['a'])
})

test('a failure leaves the old content', async () => {
  const path = join(dir, 'folder')
  await expect(writeBeside(join(path, 'missing', 'a'), 'x')).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(join(dir, 'b'), 'old')
  await expect(writeBeside(join(dir, 'b'), 'new', { onlyIfNew: true })).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await readFile(join(dir, 'b'), 'utf8')).toBe('old')
})
