import { Wallet } from 'ethers'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { cast, castMissing } from '../testing/cast'
import { addressOf, decryptKeystore, encryptKeystore, keystoreAddress } from './keystore-v3'
import { secretFromPhrase } from './mnemonic'
import { readImport } from './read-import'

vi.setConfig({ testTimeout: 120_000 }) // scrypt on a busy machine

const SECRET = secretFromPhrase('test test test test test test test test test test test junk')
const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error

/** The two examples of the Web3 Secret Storage Definition. */
const EXAMPLES = {
  pbkdf2: `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`,
  scrypt: `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},"ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt","kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},"mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`,
}

test.each(Object.entries(EXAMPLES))('the published example with %s opens', async (_kdf, text) => {
  expect((await decryptKeystore(text, 'testpassword')).privateKey).toBe(
    '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d',
  )
  await expect(decryptKeystore(text, 'testpasswort')).rejects.toThrow(code('passphrase-wrong'))
})

test('an account comes back whole, words and path included, and ethers opens it too', async () => {
  const secret = secretFromPhrase('legal winner thank year wave sausage worth useful legal winner thank yellow', {
    path: "m/44'/60'/0'/0/5",
  })
  const text = await encryptKeystore(secret, 'Schlüssel ﬁ')
  expect(text).not.toContain(secret.privateKey.slice(2))
  expect(text).not.toContain(secret.mnemonic!.entropy.slice(2))
  expect(keystoreAddress(text)).toBe(addressOf(secret))
  expect(await decryptKeystore(text, 'Schlüssel ﬁ'.normalize('NFD'))).toEqual(secret)
  const theirs = await Wallet.fromEncryptedJson(text, 'Schlüssel ﬁ')
  expect(theirs.privateKey).toBe(secret.privateKey)
  expect((theirs as unknown as { path: string }).path).toBe("m/44'/60'/0'/0/5")
  expect(await decryptKeystore(await new Wallet(secret.privateKey).encrypt('x'), 'x')).toEqual({
    privateKey: secret.privateKey,
  })
})

test.skipIf(castMissing !== null)('keystores cross to Foundry’s cast and back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'we-cast-'))
  try {
    await writeFile(join(folder, 'ours'), await encryptKeystore(SECRET, 'a long passphrase'))
    const args = ['--keystore-dir', folder, '--unsafe-password']
    expect(await cast('wallet', 'decrypt-keystore', 'ours', ...args, 'a long passphrase')).toContain(SECRET.privateKey)
    await cast('wallet', 'import', 'theirs', '--private-key', SECRET.privateKey, ...args, 'ä other')
    const text = await readFile(join(folder, 'theirs'), 'utf8')
    expect(await readImport({ text, filePassphrase: 'ä other' })).toEqual({ privateKey: SECRET.privateKey })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a file that is none, is damaged, or asks for a terabyte is refused before anything is derived', async () => {
  const good = EXAMPLES.scrypt
  const started = process.cpuUsage()
  for (const text of [
    '',
    '[]',
    'null',
    good.slice(0, 200),
    good.replace('"n":262144', '"n":1073741824'),
    good.replace('"n":262144,"r":1', '"n":16777216,"r":64'),
    good.replace('"n":262144', '"n":262143'),
    good.replace('"version":3', '"version":1'),
    good.replace('aes-128-ctr', 'aes-128-cbc'),
    EXAMPLES.pbkdf2.replace('262144', '1e15'),
    good.replace('{', `{"x":"${'y'.repeat(100_000)}",`),
  ]) {
    await expect(decryptKeystore(text, 'testpassword')).rejects.toThrow(code('keystore-broken'))
  }
  expect(process.cpuUsage(started).user).toBeLessThan(1_000_000) // microseconds; deriving one takes about as much
  const other = good.replace('{', `{"address":"${'1'.repeat(40)}",`)
  await expect(decryptKeystore(other, 'testpassword')).rejects.toThrow(code('keystore-broken'))
})

test('an import says what it cannot read, without repeating it', async () => {
  expect((await readImport({ text: ` ${SECRET.privateKey.slice(2).toUpperCase()}\n` })).privateKey).toBe(
    SECRET.privateKey,
  )
  await expect(readImport({ text: EXAMPLES.scrypt })).rejects.toThrow(code('passphrase-needed'))
  await expect(readImport({ text: '0'.repeat(64) })).rejects.toThrow(code('key-wrong'))
  await expect(readImport({ text: 'f'.repeat(64) })).rejects.toThrow(/^(?!.*ffff)/)
  await expect(readImport({ text: SECRET.privateKey.slice(0, 60) })).rejects.toThrow(code('import-unknown'))
})
