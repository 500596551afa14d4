import { HDNodeWallet } from 'ethers'
import { expect, test } from 'vitest'
import { cast, castMissing } from '../testing/cast'
import { addressOf } from './keystore-v3'
import { DEFAULT_PATH, newSecret, secretFromPhrase, wordsOf } from './mnemonic'

const code = (expected: string): Error => expect.objectContaining({ name: 'StudioError', code: expected }) as Error
const times = (word: string, count: number): string => `${word} `.repeat(count)

// BIP-39's reference vectors (github.com/trezor/python-mnemonic, vectors.json), all with the passphrase TREZOR.
test.each([
  [
    '00000000000000000000000000000000',
    `${times('abandon', 11)}about`,
    'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
  ],
  [
    '7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f',
    'legal winner thank year wave sausage worth useful legal winner thank yellow',
    '2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607',
  ],
  [
    '0000000000000000000000000000000000000000000000000000000000000000',
    `${times('abandon', 23)}art`,
    'bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8',
  ],
])('words of %s give the seed of BIP-39', (entropy, phrase, seed) => {
  const secret = secretFromPhrase(phrase, { passphrase: 'TREZOR' })
  expect(secret.mnemonic?.entropy).toBe(`0x${entropy}`)
  expect(wordsOf(`0x${entropy}`).join(' ')).toBe(phrase)
  expect(secret.privateKey).toBe(HDNodeWallet.fromSeed(`0x${seed}`).derivePath(DEFAULT_PATH).privateKey)
})

test.each([
  [`${times('test', 11)}junk`, DEFAULT_PATH, '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
  [`${times('test', 11)}junk`, "m/44'/60'/0'/0/1", '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'],
  [`  ${times('Abandon', 11)} ABOUT\n`, DEFAULT_PATH, '0x9858effd232b4033e47d90003d41ec34ecaeda94'],
])('%s at %s is the account that other wallets show (BIP-44)', (phrase, path, address) => {
  expect(addressOf(secretFromPhrase(phrase, { path }))).toBe(address)
})

test.skipIf(castMissing !== null)('all lengths, paths and extra words give what cast gives', async () => {
  const phrases = [12, 15, 18, 21, 24].map((count) => wordsOf(`0x${'5a'.repeat((count / 3) * 4)}`).join(' '))
  const cases = phrases.map((phrase, at) => ({
    phrase,
    path: ["m/44'/60'/0'/0/0", "m/44'/60'/7'/0/3", "m/44'/60'/0'", 'm/0/1', "m/84'/1'/0'/2"][at]!,
    passphrase: ['', 'TREZOR', 'two words', 'ä'.normalize('NFKD'), ''][at]!,
  }))
  await Promise.all(
    cases.map(async ({ phrase, path, passphrase }) => {
      const words = ['--mnemonic', phrase, '--mnemonic-derivation-path', path]
      const theirs = await cast(
        'wallet',
        'address',
        ...words,
        ...(passphrase === '' ? [] : ['--mnemonic-passphrase', passphrase]),
      )
      expect(addressOf(secretFromPhrase(phrase, { path, passphrase }))).toBe(theirs.toLowerCase())
    }),
  )
})

test('what was typed wrongly is named by its place, never repeated', () => {
  const wrong = (phrase: string): string => {
    try {
      secretFromPhrase(phrase)
    } catch (error) {
      expect(error).toEqual(code('mnemonic-wrong'))
      return (error as Error).message
    }
    throw new Error('it was taken')
  }
  expect(wrong(times('abandon', 10))).toContain('10 words')
  expect(wrong(`${times('abandon', 4)}abandonn ${times('abandon', 7)}`)).toMatch(/^Word 5 is not(?!.*abandonn)/)
  expect(wrong(times('abandon', 12))).toContain('do not belong together')
  for (const path of ['44/60', "m/44'/60'/0'/0/4294967296", 'm', `m${'/1'.repeat(20)}`, "m/44''"]) {
    expect(() => secretFromPhrase(`${times('test', 11)}junk`, { path })).toThrow(code('path-wrong'))
  }
})

test('every new account has twelve words and a key of its own', () => {
  const made = Array.from({ length: 20 }, newSecret)
  expect(new Set(made.map(({ privateKey }) => privateKey)).size).toBe(20)
  for (const { mnemonic } of made) expect(wordsOf(mnemonic!.entropy)).toHaveLength(12)
})
