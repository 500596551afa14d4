import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.mjs'

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('two works never overlap, and the lock is gone afterwards', async () => {
  const file = join(folder, 'deep/lock')
  const events = []
  const work = (name) => async () => {
    events.push(`${name} begins`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    events.push(`${name} ends`)
  }
  await Promise.all([withLock(file, work('a')), withLock(file, work('b'))])
  const order = events.map((event) => event[0]).join('')
  expect(['aabb', 'bbaa']).toContain(order)
  expect(existsSync(file)).toBe(false)
})

test('a lock left by a dead process is taken over', async () => {
  const file = join(folder, 'lock')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(file, String(pid))
  expect(await withLock(file, () => Promise.resolve('done'))).toBe('done')
})
