/** CIDv1, dag-cbor, sha2-256 with 32 bytes: what stands before the digest in the CID of an envelope. */
const CID_PREFIX = Uint8Array.of(0x01, 0x71, 0x12, 0x20)
export const DIGEST_BYTES = 32
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
/** `b`, then 36 bytes of five bits a letter (RFC 4648 base32 without padding). */
const TEXT = /^b[a-z2-7]{58}$/

/** The 36 bytes of the CID of an envelope. */
export function entryCid(digest: Uint8Array): Uint8Array {
  const cid = new Uint8Array(CID_PREFIX.length + DIGEST_BYTES)
  cid.set(CID_PREFIX)
  cid.set(digest, CID_PREFIX.length)
  return cid
}

/** The digest in such a CID; null for every other CID. */
export function digestOfCid(cid: Uint8Array): Uint8Array | null {
  if (cid.length !== CID_PREFIX.length + DIGEST_BYTES) return null
  if (cid[0] !== 0x01 || cid[1] !== 0x71 || cid[2] !== 0x12 || cid[3] !== 0x20) return null
  return cid.subarray(CID_PREFIX.length)
}

/** The id of an entry as text, `bafyrei...`, by the sha2-256 of its envelope. */
export function entryIdText(digest: Uint8Array): string {
  let text = 'b'
  let bits = 0
  let held = 0
  for (const byte of entryCid(digest)) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[(held >> (bits - 5)) & 31]!
    held &= 31
  }
  return text + LETTERS[(held << (5 - bits)) & 31]!
}

/** The sha2-256 in the id of an entry; null for text that is no such id, other spellings of one included. */
export function entryIdDigest(text: string): Uint8Array | null {
  if (!TEXT.test(text)) return null
  const cid = new Uint8Array(CID_PREFIX.length + DIGEST_BYTES)
  let at = 0
  let bits = 0
  let held = 0
  for (const letter of text.slice(1)) {
    held = (held << 5) | LETTERS.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    cid[at++] = held >> bits
    held &= (1 << bits) - 1
  }
  return held === 0 ? digestOfCid(cid) : null
}
