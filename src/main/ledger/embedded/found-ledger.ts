import type { LedgerBlock } from '@shared/ledger/block'
import { encodeHeader } from '@shared/ledger/block'
import type { Genesis } from '@shared/ledger/genesis'
import type { BlockEntry } from './ledger-store'
import type { Executor } from './executor'
import { keccak256 } from './keccak'

const NO_ONE = new Uint8Array(20)

/** Whoever makes the genesis: the hash of a name, so nobody has its key, and its contracts' addresses never differ. */
export const SYSTEM_SENDER = keccak256(new TextEncoder().encode('WE local ledger: system sender')).slice(12)

/** Executes the genesis on an empty state: block 0, the same for everyone, hence without a signature. */
export async function foundLedger(
  executor: Executor,
  genesis: Genesis,
  hash: Uint8Array,
  chainId: number,
): Promise<{ entry: BlockEntry; created: (Uint8Array | null)[] }> {
  const scene = { height: 0, time: genesis.t, author: NO_ONE, parentHash: hash }
  const { stateRoot, writes, gasUsed, created } = await executor.found(scene, SYSTEM_SENDER, genesis.calls)
  const block: LedgerBlock = {
    header: {
      v: 1,
      c: chainId,
      n: 0,
      t: genesis.t,
      p: hash,
      x: keccak256(new Uint8Array()),
      r: stateRoot,
      g: gasUsed,
      b: NO_ONE,
    },
    transactions: [],
    signatures: [],
  }
  executor.keep({ stateRoot, writes })
  const entry = {
    block,
    hash: keccak256(encodeHeader(block.header)),
    transactionHashes: [],
    outcomes: [],
    nodes: writes,
  }
  return { entry, created }
}
