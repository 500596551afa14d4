/**
 * An entry of a signed log that was checked in full (signature, place in its chain, grant of the account, shape of the
 * body): what the log hands to the index, the rooms and the recommendation. They trust it and check nothing again.
 */
export interface AcceptedEntry {
  /** CIDv1 (dag-cbor, sha2-256) of the envelope, base32. */
  readonly id: string
  /** Ed25519 public key of the device whose log it lies in: 64 hex digits, lower case. */
  readonly device: string
  /** The account that the device acts for: `0x` and 40 hex digits, lower case. */
  readonly account: string
  /** Number in the log of the device, from 0. */
  readonly n: number
  /** What the author's clock said, Unix milliseconds: for display, never for order of trust. */
  readonly t: number
  readonly kind: string
  /** Null when the author withdrew it, it ran out, or only the header was fetched. */
  readonly body: unknown
  /** Unix milliseconds after which the body is dropped. */
  readonly expires?: number
  /** Of entries with the same account, kind and key the newest (t, n, device) holds. */
  readonly replaceKey?: string
}
