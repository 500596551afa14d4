import { randomInt } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadDeviceKey } from './device-key'

let dir: string
const file = (): string => join(dir, 'device-key.json')
const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-key-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

// a scrypt of 128 MiB takes half a second here and some seconds on Electron's BoringSSL under load
describe('the device key', () => {
  test('is made once, kept, and readable by its owner alone', async () => {
    const profile = join(dir, 'new', 'profile')
    const first = await loadDeviceKey(profile)
    expect(first).toMatchObject({ created: true, sealed: false })
    expect(first.peerId).toBe(first.peerKey.publicKey.toString())
    const again = await loadDeviceKey(profile)
    expect(again).toMatchObject({ created: false, peerId: first.peerId })
    expect(again.peerKey.equals(first.peerKey)).toBe(true)
    expect((await stat(join(profile, 'device-key.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(profile)).toEqual(['device-key.json']) // nothing half-written beside it
  })

  test('signs what its public key verifies', async () => {
    const { peerKey } = await loadDeviceKey(dir)
    const again = (await loadDeviceKey(dir)).peerKey
    expect(await peerKey.publicKey.verify(Uint8Array.of(1, 2), await again.sign(Uint8Array.of(1, 2)))).toBe(true)
  })

  test('sealed by a passphrase opens with it alone, and stays as it is when it does not', async () => {
    const made = await loadDeviceKey(dir, { passphrase: 'Schlüssel und Schloss' })
    expect(made).toMatchObject({ created: true, sealed: true })
    const before = await readFile(file(), 'utf8')
    expect(before).not.toContain(Buffer.from(made.peerKey.raw.subarray(0, 32)).toString('hex'))
    const asked = { passphrase: () => Promise.resolve('Schlüssel und Schloss'.normalize('NFD')) }
    expect((await loadDeviceKey(dir, asked)).peerId).toBe(made.peerId)
    await expect(loadDeviceKey(dir, { passphrase: 'Schlussel und Schloss' })).rejects.toThrow(code('passphrase-wrong'))
    await expect(loadDeviceKey(dir)).rejects.toThrow(code('passphrase-needed'))
    await expect(loadDeviceKey(dir, { passphrase: '' })).rejects.toThrow(code('passphrase-needed'))
    expect(await readFile(file(), 'utf8')).toBe(before)
  })

  test('a function is asked only when there is a sealed file', async () => {
    const passphrase = (): Promise<string> => Promise.reject(new Error('asked'))
    expect((await loadDeviceKey(dir, { passphrase })).sealed).toBe(false)
    expect((await loadDeviceKey(dir, { passphrase })).created).toBe(false)
  })

  test('a damaged file is refused and left as it is', async () => {
    await loadDeviceKey(dir)
    const good = await readFile(file(), 'utf8')
    const seed = /"seed": "(\w{64})"/.exec(good)![1]!
    const another = seed.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    for (const bad of [
      '',
      '{}',
      good.slice(0, 80),
      good.replace('"v": 1', '"v": 2'),
      good.replace(seed, another),
      '\0'.repeat(200),
    ]) {
      await writeFile(file(), bad)
      const error: Error = await loadDeviceKey(dir).then(
        () => new Error('it was taken'),
        (reason: unknown) => reason as Error,
      )
      expect(error).toEqual(code('device-key-broken'))
      expect(`${error.message} ${error.stack ?? ''}`).not.toContain(seed.slice(0, 16))
      expect(await readFile(file(), 'utf8')).toBe(bad)
    }
  })

  test('a sealed file that was changed anywhere is refused', async () => {
    await loadDeviceKey(dir, { passphrase: 'a' })
    const good = await readFile(file(), 'utf8')
    for (const name of ['salt', 'text']) {
      const value = new RegExp(`"${name}": "(\\w+)"`).exec(good)![1]!
      const at = randomInt(value.length)
      const changed = value.slice(0, at) + (value[at] === '0' ? '1' : '0') + value.slice(at + 1)
      await writeFile(file(), good.replace(value, changed))
      await expect(loadDeviceKey(dir, { passphrase: 'a' })).rejects.toThrow(code('passphrase-wrong'))
    }
    await writeFile(file(), good.replace('"N": 131072', '"N": 1073741824')) // would take a terabyte
    await expect(loadDeviceKey(dir, { passphrase: 'a' })).rejects.toThrow(code('device-key-broken'))
  })

  test('two that start at once get the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadDeviceKey(dir)))
    expect(new Set(keys.map(({ peerId }) => peerId)).size).toBe(1)
    expect(keys.filter(({ created }) => created)).toHaveLength(1)
  })

  test.skipIf(process.getuid?.() === 0)('a folder that can not be written is said', async () => {
    await chmod(dir, 0o500)
    await expect(loadDeviceKey(dir)).rejects.toThrow(code('device-key-unreadable'))
  })
})
