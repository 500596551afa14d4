/** An event before it is signed (NIP-01); `created_at` in Unix seconds. */
export interface NostrDraft {
  readonly kind: number
  readonly created_at: number
  readonly tags: readonly (readonly string[])[]
  readonly content: string
}

export interface NostrEvent extends NostrDraft {
  /** 32 bytes each, hex. */
  readonly id: string
  readonly pubkey: string
  /** BIP-340, 64 bytes, hex. */
  readonly sig: string
}
