import { createHash } from 'node:crypto'
import type { CID } from 'multiformats/cid'

/** True when the bytes have the CID's sha2-256. */
export function isBlockOf(cid: CID, bytes: Uint8Array): boolean {
  const digest = createHash('sha256').update(bytes).digest()
  return digest.equals(cid.multihash.digest)
}
