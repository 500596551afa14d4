import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SecretStore } from './secret-store'

const seed = new Uint8Array(randomBytes(32))
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'we-secrets-'))
  path = join(folder, 'secrets.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a stream key is there again after a restart, for nobody else to read', async () => {
  const store = await SecretStore.open(path, seed)
  await Promise.all([store.set('a', 'live_1234567890'), store.set('b', 'schlüssel ☺')])
  const again = await SecretStore.open(path, seed)
  expect(again.get('a')).toBe('live_1234567890')
  expect(again.get('b')).toBe('schlüssel ☺')
  expect(await readFile(path, 'utf8')).not.toMatch(/live_|1234/)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await again.delete('a')
  expect((await SecretStore.open(path, seed)).names).toEqual(['b'])
})

test('another device key, or a changed byte, opens nothing and changes nothing', async () => {
  await (await SecretStore.open(path, seed)).set('a', 'live_1234567890')
  const before = await readFile(path, 'utf8')
  await expect(SecretStore.open(path, new Uint8Array(randomBytes(32)))).rejects.toMatchObject({
    code: 'secrets-broken',
  })
  expect(await readFile(path, 'utf8')).toBe(before)

  const file = JSON.parse(before) as { text: string }
  file.text = (file.text.startsWith('A') ? 'B' : 'A') + file.text.slice(1)
  await writeFile(path, JSON.stringify(file))
  await expect(SecretStore.open(path, seed)).rejects.toMatchObject({ code: 'secrets-broken' })
  await writeFile(path, 'rubbish live_secret')
  await expect(SecretStore.open(path, seed)).rejects.toThrow(/^(?!.*live_secret)/)
})

test('a key that cannot be written is not kept, and the one before is', async () => {
  const store = await SecretStore.open(path, seed)
  await store.set('a', 'one')
  await rm(folder, { recursive: true })
  await expect(store.set('a', 'two')).rejects.toMatchObject({ code: 'secrets-not-written' })
  expect(store.get('a')).toBe('one')
})
