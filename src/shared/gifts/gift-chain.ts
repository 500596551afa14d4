import { keccak256 } from 'ethers/crypto'
import type { CID } from 'multiformats/cid'
import type { Bytes32 } from '../money/address'
import { abiWords } from './abi-words'
import { bytesToHex } from './hex-bytes'

/** One gift as it is bound into its tab. */
export interface GiftItem {
  /** Of the catalogue, 1 and up. */
  giftId: number
  qty: number
  /** Of what it was given for: `contentIdOf` its CID. */
  contentId: Bytes32
  /** Unix seconds, by the giver's clock. */
  time: number
}

/**
 * The next link of a tab's chain, which makes every gift provably part of the signed total (ledger.md 6):
 * `keccak256(abi.encode(bytes32 before, uint32 giftId, uint32 qty, bytes32 contentId, uint64 time))`.
 */
export function nextChain(before: Bytes32, { giftId, qty, contentId, time }: GiftItem): Bytes32 {
  return keccak256(abiWords([before, giftId, qty, contentId, time]))
}

const SHA2_256 = 0x12

/** The sha2-256 digest in a CID. Throws TypeError for a CID with another hash. */
export function contentIdOf(cid: CID): Bytes32 {
  if (cid.multihash.code !== SHA2_256 || cid.multihash.digest.length !== 32) {
    throw new TypeError(`no sha2-256 digest in ${cid.toString()}`)
  }
  return bytesToHex(cid.multihash.digest)
}
