/** Header of an entry, dag-cbor. A usual one has about 150 bytes. */
export const MAX_HEADER_BYTES = 512
/** Ed25519. */
export const SIGNATURE_BYTES = 64
/** Array head, header with its head of three bytes, signature with its head of two. */
export const MAX_ENVELOPE_BYTES = 1 + 3 + MAX_HEADER_BYTES + 2 + SIGNATURE_BYTES
export const MAX_BODY_BYTES = 32 * 1024
/** How far an author's clock may be ahead of ours, milliseconds. */
export const MAX_AHEAD_MS = 10 * 60_000
/** Entries of one log: with it, log and number fit together into one integer of the database. */
export const MAX_ENTRY_NUMBER = 2 ** 31 - 1
export const MAX_KIND_LENGTH = 32
export const MAX_REPLACE_KEY_LENGTH = 128
