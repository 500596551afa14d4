import { HDNodeWallet, Mnemonic } from 'ethers'
import { StudioError } from '@shared/errors'
import type { WalletSecret } from './wallet-secret'

/** NIP-06: coin 1237, so that the key says nothing of the account's. */
const NOSTR_PATH = "m/44'/1237'/0'/0/0"

/**
 * The Nostr secret of an account's words (NIP-06), 32 bytes; never the account's own key.
 * @throws StudioError `no-words`: the account was made from a key, or from words with an extra one that is not kept
 */
export function nostrKey({ privateKey, mnemonic }: WalletSecret): Uint8Array {
  if (mnemonic === undefined) {
    throw new StudioError(
      'no-words',
      'This account was made from a key, so it has no words to derive a Nostr key from.',
    )
  }
  const words = Mnemonic.fromEntropy(mnemonic.entropy)
  if (HDNodeWallet.fromMnemonic(words, mnemonic.path).privateKey !== privateKey) {
    throw new StudioError(
      'no-words',
      'This account was made from words with an extra one, which is not kept here, so its Nostr key is not known.',
    )
  }
  return new Uint8Array(Buffer.from(HDNodeWallet.fromMnemonic(words, NOSTR_PATH).privateKey.slice(2), 'hex'))
}
