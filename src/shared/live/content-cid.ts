import { CID } from 'multiformats/cid'

/** Multicodec numbers: `raw` for media bytes, `dag-cbor` for signed records (multicodec table). */
export const RAW_CODEC = 0x55
export const DAG_CBOR_CODEC = 0x71
const SHA2_256 = 0x12
/** Version, codec, hash function, digest length, 32 bytes of digest: the only form on our wire. */
export const CID_BYTES = 36

/** True for the one form of CID that live records and frames use: version 1, sha2-256, the given codec. */
export function isContentCid(cid: CID, codec: number): boolean {
  return cid.version === 1 && cid.code === codec && cid.multihash.code === SHA2_256 && cid.multihash.size === 32
}

/** Parses the base32 text of such a CID; null for every other text, also for other spellings of the same CID. */
export function parseContentCid(text: string, codec: number): CID | null {
  if (!/^b[a-z2-7]{58}$/.test(text)) return null
  try {
    const cid = CID.parse(text)
    return isContentCid(cid, codec) && cid.toString() === text ? cid : null
  } catch {
    return null
  }
}
