import { equalsBytes } from '@ethereumjs/util'
import { encodeHeader, type BlockHeader, type LedgerBlock } from '@shared/ledger/block'
import { BlockError } from '@shared/ledger/block-error'
import { MAX_AHEAD_S } from '@shared/ledger/ledger-limits'
import { recoverSigner } from './authority-key'
import { keccak256 } from './keccak'

export interface HeaderContext {
  chainId: number
  head: { height: number; hash: Uint8Array; header: BlockHeader }
  /** Unix milliseconds. */
  now: number
  /** Hash of our own block at this height, if there is one. */
  ours: Uint8Array | undefined
}

/** That the header can follow the head. Throws a BlockError that names the rule. */
export function checkHeader(header: BlockHeader, { chainId, head, now, ours }: HeaderContext): void {
  const { n } = header
  if (header.c !== chainId) throw new BlockError('block-foreign', `The block belongs to ledger ${header.c}.`, n)
  if (ours !== undefined) {
    throw new BlockError('block-forked', `There is another block at height ${n}, and it stays.`, n)
  }
  if (n !== head.height + 1) throw new BlockError('block-gap', `Block ${head.height + 1} comes first, not ${n}.`, n)
  if (!equalsBytes(header.p, head.hash)) {
    throw new BlockError('block-forked', `The block follows another block ${head.height} than the one here.`, n)
  }
  if (header.t < head.header.t) throw new BlockError('block-time', 'The block is older than the one before it.', n)
  if (header.t > now / 1000 + MAX_AHEAD_S) {
    const ahead = Math.ceil(header.t - now / 1000)
    throw new BlockError('block-future', `The block is ${ahead} s ahead of the clock of this computer.`, n)
  }
}

/** How many of `k` authorities must stand for a block: more than half. */
export function quorum(k: number): number {
  return Math.floor(k / 2) + 1
}

/** That its maker signed it; others may follow. Throws BlockError `block-unsigned`. */
export function checkMaker(
  { header, signatures }: LedgerBlock,
  hash: Uint8Array,
  authorities: readonly Uint8Array[],
): void {
  const signer = signatures[0] === undefined ? null : recoverSigner(hash, signatures[0])
  if (signer === null || !equalsBytes(signer, header.b) || !authorities.some((one) => equalsBytes(one, signer))) {
    throw new BlockError('block-unsigned', 'The block is not signed by an authority that made it.', header.n)
  }
}

/** Keys that stand for both of two different blocks of one height: each of them is proven at fault. */
export function doubleSigners(one: LedgerBlock, other: LedgerBlock): string[] {
  const [first, second] = [one, other].map(({ header, signatures }) => {
    const hash = keccak256(encodeHeader(header))
    return signatures.flatMap((signature) => {
      const signer = recoverSigner(hash, signature)
      return signer === null ? [] : [hex(signer)]
    })
  })
  return first!.filter((signer) => second!.includes(signer)).map((signer) => `0x${signer}`)
}

/** That its maker and more than half of the authorities signed it. Throws BlockError `block-unsigned`. */
export function checkSignatures(
  { header, signatures }: LedgerBlock,
  hash: Uint8Array,
  authorities: readonly Uint8Array[],
): void {
  const unsigned = (why: string): BlockError => new BlockError('block-unsigned', why, header.n)
  if (signatures.length > authorities.length) throw unsigned('The block has more signatures than there are keys.')
  const known = new Set(authorities.map(hex))
  const signers = new Set<string>()
  for (const signature of signatures) {
    const signer = recoverSigner(hash, signature)
    if (signer === null || !known.has(hex(signer))) throw unsigned('The block is signed by a key without a say here.')
    signers.add(hex(signer))
  }
  if (!signers.has(hex(header.b))) throw unsigned('The block is not signed by the one it names as its maker.')
  if (signers.size < quorum(authorities.length)) {
    throw unsigned(`The block has ${signers.size} of ${quorum(authorities.length)} signatures.`)
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
