import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newSecret } from '../keystore/mnemonic'
import { AccountStore } from './account-store'
import { loadDeviceSecret, type SafeBox } from './device-secret'

vi.setConfig({ testTimeout: 120_000 }) // scrypt on a busy machine

let dir: string
const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error
const mine = { protection: 'passphrase', passphrase: 'four words of mine' } as const

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-accounts-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('an account is there again after a restart, for its owner alone, and opens with its passphrase alone', async () => {
  const secret = newSecret()
  const store = await AccountStore.open(dir)
  const ada = await store.add(secret, '  Ada ', mine)
  expect(ada).toMatchObject({ name: 'Ada', hasWords: true, backedUp: false })
  const file = join(dir, 'accounts', `${ada.address}.json`)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).not.toContain(secret.privateKey.slice(2))

  const again = await AccountStore.open(dir)
  expect(again.active).toEqual(ada)
  expect(await again.secret(ada.address, mine.passphrase)).toEqual(secret)
  const before = await readFile(file, 'utf8')
  await expect(again.secret(ada.address, 'four words of yours')).rejects.toThrow(code('passphrase-wrong'))
  await expect(again.add(secret, 'Twice', mine)).rejects.toThrow(code('account-exists'))
  await expect(again.add(newSecret(), 'Short', { ...mine, passphrase: '1234567' })).rejects.toThrow(
    code('passphrase-short'),
  )
  expect(await readFile(file, 'utf8')).toBe(before)
})

test('a new passphrase replaces the old one; a wrong one changes nothing', async () => {
  const store = await AccountStore.open(dir)
  const { address } = await store.add(newSecret(), 'Ada', { protection: 'device', passphrase: 'kept by the device' })
  await expect(store.setPassphrase(address, 'guessed by me', mine)).rejects.toThrow(code('passphrase-wrong'))
  expect(store.account(address).protection).toBe('device')
  await store.setPassphrase(address, 'kept by the device', mine)
  expect(store.account(address).protection).toBe('passphrase')
  await store.secret(address, mine.passphrase)
  await expect(store.secret(address, 'kept by the device')).rejects.toThrow(code('passphrase-wrong'))
  expect(await readdir(join(dir, 'accounts'))).toEqual([`${address}.json`])
})

test('a lost or broken list costs names, never accounts', async () => {
  const store = await AccountStore.open(dir)
  const one = await store.add(newSecret(), 'One', mine)
  const two = await store.add(newSecret(), 'Two', mine)
  await store.select(one.address)
  await writeFile(join(dir, 'wallet.json'), '{"v":1,')
  const again = await AccountStore.open(dir)
  expect(again.accounts.map(({ address }) => address).sort()).toEqual([one.address, two.address].sort())
  expect(again.active).not.toBeNull()
  await again.secret(two.address, mine.passphrase)
})

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is said, and nothing is kept half', async () => {
  const store = await AccountStore.open(dir)
  await chmod(join(dir, 'accounts'), 0o500)
  await expect(store.add(newSecret(), 'Ada', mine)).rejects.toThrow(code('wallet-not-written'))
  expect(store.accounts).toEqual([])
  await chmod(join(dir, 'accounts'), 0o700)
})

const box = (backend: string): SafeBox => ({
  backend,
  seal: (text) => Buffer.from(text).map((byte) => byte ^ 0x5a),
  open: (sealed) => Buffer.from(sealed.map((byte) => byte ^ 0x5a)).toString(),
})

test('the device’s secret moves into a key store that has become available, and never back into a file', async () => {
  const plain = await loadDeviceSecret(dir, null)
  expect(plain.keptBy).toBe('file')
  expect((await stat(join(dir, 'device-secret.json'))).mode & 0o777).toBe(0o600)
  const sealed = await loadDeviceSecret(dir, box('gnome_libsecret'))
  expect(sealed).toEqual({ secret: plain.secret, keptBy: 'gnome_libsecret' })
  const text = await readFile(join(dir, 'device-secret.json'), 'utf8')
  expect(text).not.toContain(plain.secret)
  await expect(loadDeviceSecret(dir, null)).rejects.toThrow(code('key-store-gone'))
  await expect(loadDeviceSecret(dir, box('kwallet6'))).rejects.toThrow(code('key-store-gone'))
  expect(await readFile(join(dir, 'device-secret.json'), 'utf8')).toBe(text)
  expect((await loadDeviceSecret(dir, box('gnome_libsecret'))).secret).toBe(plain.secret)
  await writeFile(join(dir, 'device-secret.json'), `{"v":1,"kind":"plain","secret":"${plain.secret}"`)
  await expect(loadDeviceSecret(dir, null)).rejects.toThrow(/^(?!.*[A-Za-z0-9+/]{40})/)
})
