import type { Address } from '../money/address'
import { COMPACT_BYTES } from './compact-signature'
import { bigToBytes, bytesToBig, bytesToHex, hexToBytes } from './hex-bytes'
import type { Tab } from './tab'

/** payer 20 | total 12 | count 4 | chain 32 | r 32 | vs 32 (ledger.md 6). */
export const RECORD_BYTES = 132

/** The last tab of a line, with its payer's signature. */
export interface SignedTab {
  tab: Tab
  /** EIP-2098. */
  signature: Uint8Array
}

/** The `records` of one `TipBank.settle`; all of one creator, sharer and sharerBps. Throws TypeError otherwise. */
export function packRecords(tabs: readonly SignedTab[]): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES * tabs.length)
  tabs.forEach(({ tab, signature }, index) => {
    const first = tabs[0]!.tab
    if (tab.creator !== first.creator || tab.sharer !== first.sharer || tab.sharerBps !== first.sharerBps) {
      throw new TypeError('records of different creators or sharers in one settlement')
    }
    if (signature.length !== COMPACT_BYTES) throw new TypeError('no signature of 64 bytes')
    const at = RECORD_BYTES * index
    bytes.set(hexToBytes(tab.payer), at)
    bytes.set(bigToBytes(tab.total, 12), at + 20)
    bytes.set(bigToBytes(BigInt(tab.count), 4), at + 32)
    bytes.set(hexToBytes(tab.chain), at + 36)
    bytes.set(signature, at + 68)
  })
  return bytes
}

/** Reads `packRecords` back. Throws RangeError unless the length is a multiple of a record's. */
export function unpackRecords(
  bytes: Uint8Array,
  line: { creator: Address; sharer: Address; sharerBps: number },
): SignedTab[] {
  if (bytes.length % RECORD_BYTES !== 0) throw new RangeError(`records of ${bytes.length} bytes`)
  return Array.from({ length: bytes.length / RECORD_BYTES }, (_, index) => {
    const record = bytes.subarray(RECORD_BYTES * index, RECORD_BYTES * (index + 1))
    return {
      tab: {
        payer: bytesToHex(record.subarray(0, 20)),
        ...line,
        total: bytesToBig(record.subarray(20, 32)),
        count: Number(bytesToBig(record.subarray(32, 36))),
        chain: bytesToHex(record.subarray(36, 68)),
      },
      signature: record.slice(68),
    }
  })
}
