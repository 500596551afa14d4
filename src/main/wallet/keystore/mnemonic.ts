import { HDNodeWallet, Mnemonic, wordlists } from 'ethers'
import { randomBytes } from 'node:crypto'
import { StudioError } from '@shared/errors'
import type { WalletSecret } from './wallet-secret'

/** First account of BIP-44's coin 60; what other wallets use too. */
export const DEFAULT_PATH = "m/44'/60'/0'/0/0"
const WORD_COUNTS = [12, 15, 18, 21, 24]
const PATH = /^m(\/\d{1,10}'?){1,10}$/
const HARDENED = 0x80000000

/** A new account from 128 fresh random bits, that is 12 words. */
export function newSecret(): WalletSecret {
  return secretFromPhrase(Mnemonic.fromEntropy(randomBytes(16)).phrase)
}

/**
 * The key at `path` below the words' seed (BIP-39, BIP-32).
 * @param phrase English words of BIP-39, any of its lengths; capitals and blanks do not matter
 * @param passphrase BIP-39's extra word ("25th word"); the same words with another one are another account
 * @throws StudioError `mnemonic-wrong` that names the first wrong word by its place, `path-wrong`
 */
export function secretFromPhrase(
  phrase: string,
  { path = DEFAULT_PATH, passphrase = '' }: { path?: string; passphrase?: string } = {},
): WalletSecret {
  const words = phrase.normalize('NFKD').toLowerCase().trim().split(/\s+/)
  if (!WORD_COUNTS.includes(words.length)) {
    throw new StudioError('mnemonic-wrong', `These are ${words.length} words. There must be 12, 15, 18, 21 or 24.`)
  }
  const wrong = words.findIndex((word) => wordlists['en']!.getWordIndex(word) < 0)
  if (wrong >= 0) {
    // the word itself is not repeated: messages may be kept
    throw new StudioError('mnemonic-wrong', `Word ${wrong + 1} is not in the list of words. Check its spelling.`)
  }
  const mnemonic = parsed(words.join(' '), passphrase)
  const checked = checkedPath(path)
  return {
    privateKey: HDNodeWallet.fromMnemonic(mnemonic, checked).privateKey,
    mnemonic: { entropy: mnemonic.entropy, path: checked },
  }
}

/** The words of an account, in order. */
export function wordsOf(entropy: string): string[] {
  return Mnemonic.fromEntropy(entropy).phrase.split(' ')
}

function parsed(phrase: string, passphrase: string): Mnemonic {
  try {
    return Mnemonic.fromPhrase(phrase, passphrase)
  } catch {
    throw new StudioError(
      'mnemonic-wrong',
      'These words do not belong together: one is wrong, or they are in another order.',
    )
  }
}

function checkedPath(path: string): string {
  const isPath = PATH.test(path) && (path.match(/\d+/g) ?? []).every((index) => Number(index) < HARDENED)
  if (!isPath) throw new StudioError('path-wrong', `That is no path. The usual one is ${DEFAULT_PATH}.`)
  return path
}
