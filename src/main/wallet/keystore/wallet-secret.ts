/** What an account is made of. Never logged, never sent anywhere but into a keystore file or what the person exports. */
export interface WalletSecret {
  /** 0x and 64 hex digits. */
  privateKey: string
  /** The words it was derived from, when it was. */
  mnemonic?: {
    /** 16 to 32 bytes (BIP-39), hex with 0x. */
    entropy: string
    /** BIP-32 path of the key below the seed. */
    path: string
  }
}
