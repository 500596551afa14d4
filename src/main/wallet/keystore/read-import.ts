import { SigningKey } from 'ethers'
import { StudioError } from '@shared/errors'
import { addressOf, decryptKeystore } from './keystore-v3'
import { secretFromPhrase } from './mnemonic'
import type { WalletSecret } from './wallet-secret'

export interface ImportText {
  /** Words, a keystore file's text, or a private key in hex; which one is seen from the text. */
  text: string
  /** Of the keystore file. */
  filePassphrase?: string
  /** BIP-32 path for words. */
  path?: string
  /** BIP-39's extra word. */
  mnemonicPassphrase?: string
}

/** Reads an account that another wallet, or this one, has exported. @throws StudioError with what is wrong */
export async function readImport({
  text,
  filePassphrase,
  path,
  mnemonicPassphrase,
}: ImportText): Promise<WalletSecret> {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) {
    if (filePassphrase === undefined || filePassphrase === '') {
      throw new StudioError('passphrase-needed', 'Enter the passphrase that this keystore file was made with.')
    }
    return decryptKeystore(trimmed, filePassphrase)
  }
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(trimmed)) return secretFromKey(trimmed)
  if (!/^[\p{L}\s]+$/u.test(trimmed)) {
    throw new StudioError(
      'import-unknown',
      'This is neither backup words, nor a keystore file, nor a private key (64 digits 0-9, a-f).',
    )
  }
  return secretFromPhrase(trimmed, {
    ...(path === undefined ? {} : { path }),
    ...(mnemonicPassphrase === undefined ? {} : { passphrase: mnemonicPassphrase }),
  })
}

function secretFromKey(text: string): WalletSecret {
  const secret = { privateKey: `0x${text.replace(/^0x/, '').toLowerCase()}` }
  try {
    new SigningKey(secret.privateKey)
    addressOf(secret)
  } catch {
    throw new StudioError('key-wrong', 'These digits are no private key.') // no cause: it may quote them
  }
  return secret
}
