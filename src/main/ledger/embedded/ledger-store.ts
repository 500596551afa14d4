import { ClassicLevel } from 'classic-level'
import type { LedgerBlock } from '@shared/ledger/block'
import { encodeBlock } from '@shared/ledger/block'
import { StudioError } from '@shared/errors'
import { decodeOutcomes, encodeOutcomes, type Outcome } from './executed-transaction'
import { NodeStore, type LedgerDatabase, type NodeWrite } from './node-store'

/** Where things lie in the database; the number of a block is 6 bytes, big-endian, so that keys sort by height. */
const BLOCK = 'b'
const BLOCK_HASH = 'i'
const HEIGHT = 'h'
const OUTCOMES = 'o'
const TRANSACTION = 't'
const VOTE = 'v'
const HEAD = Buffer.from('H')
const GENESIS = Buffer.from('G')

/** All of one block, written at once. */
export interface BlockEntry {
  block: LedgerBlock
  hash: Uint8Array
  transactionHashes: Uint8Array[]
  outcomes: Outcome[]
  nodes: NodeWrite[]
}

/**
 * A ledger on disk. A block, its state, its outcomes and the pointer to it go into one synchronous batch: after a crash
 * at any moment the database opens at the last block whose batch was written.
 */
export class LedgerStore {
  readonly nodes: NodeStore

  private constructor(private readonly level: LedgerDatabase) {
    this.nodes = new NodeStore(level)
  }

  /** Throws StudioError `ledger-in-use` when another process has the folder open, `ledger-damaged` otherwise. */
  static async open(folder: string): Promise<LedgerStore> {
    const level: LedgerDatabase = new ClassicLevel(folder, { keyEncoding: 'buffer', valueEncoding: 'view' })
    try {
      await level.open()
    } catch (cause) {
      const inner = (cause as { cause?: { code?: string; message?: string } }).cause
      if (inner?.code === 'LEVEL_LOCKED') {
        throw new StudioError('ledger-in-use', 'This ledger is open in another window or command. Close that one.', {
          cause,
        })
      }
      throw new StudioError(
        'ledger-damaged',
        `The ledger in ${folder} cannot be opened (${inner?.message ?? String(cause)}). Move the folder away to start a new one.`,
        { cause },
      )
    }
    return new LedgerStore(level)
  }

  genesis(): Uint8Array | undefined {
    return this.level.getSync(GENESIS)
  }

  /** Height of the last block; undefined in a new database. */
  headHeight(): number | undefined {
    const stored = this.level.getSync(HEAD)
    return stored === undefined ? undefined : Buffer.from(stored).readUIntBE(0, 6)
  }

  /** As `encodeBlock` made it. */
  block(height: number): Uint8Array | undefined {
    return this.level.getSync(heightKey(BLOCK, height))
  }

  blockHash(height: number): Uint8Array | undefined {
    const stored = this.level.getSync(heightKey(BLOCK_HASH, height))
    return stored === undefined ? undefined : new Uint8Array(stored)
  }

  heightOf(blockHash: Uint8Array): number | undefined {
    const stored = this.level.getSync(hashKey(HEIGHT, blockHash))
    return stored === undefined ? undefined : Buffer.from(stored).readUIntBE(0, 6)
  }

  outcomes(height: number): Outcome[] | undefined {
    const stored = this.level.getSync(heightKey(OUTCOMES, height))
    return stored === undefined ? undefined : decodeOutcomes(stored)
  }

  findTransaction(hash: Uint8Array): { height: number; index: number } | undefined {
    const stored = this.level.getSync(hashKey(TRANSACTION, hash))
    if (stored === undefined) return undefined
    const value = Buffer.from(stored)
    return { height: value.readUIntBE(0, 6), index: value.readUInt16BE(6) }
  }

  /** The block that this computer's key stands for at a height, whether it became final or not; as `encodeBlock` made it. */
  vote(height: number): Uint8Array | undefined {
    return this.level.getSync(heightKey(VOTE, height))
  }

  /** On disk before the signature leaves, so that after a crash the key stands for no other block. */
  async keepVote(height: number, block: Uint8Array): Promise<void> {
    await this.level.put(heightKey(VOTE, height), block, { sync: true })
  }

  async write({ block, hash, transactionHashes, outcomes, nodes }: BlockEntry, genesis?: Uint8Array): Promise<void> {
    const { n } = block.header
    const height = heightKey('', n)
    const put = (key: Buffer, value: Uint8Array) => ({ type: 'put' as const, key, value })
    await this.level.batch(
      [
        ...nodes,
        put(heightKey(BLOCK, n), encodeBlock(block)),
        put(heightKey(BLOCK_HASH, n), hash),
        put(hashKey(HEIGHT, hash), height),
        put(heightKey(OUTCOMES, n), encodeOutcomes(outcomes)),
        ...transactionHashes.map((transaction, index) =>
          put(hashKey(TRANSACTION, transaction), Buffer.concat([height, u16(index)])),
        ),
        ...(genesis === undefined ? [] : [put(GENESIS, genesis)]),
        put(HEAD, height),
      ],
      { sync: true },
    )
  }

  close(): Promise<void> {
    return this.level.close()
  }
}

function heightKey(prefix: string, height: number): Buffer {
  const key = Buffer.alloc(prefix.length + 6)
  key.write(prefix, 'latin1')
  key.writeUIntBE(height, prefix.length, 6)
  return key
}

function hashKey(prefix: string, hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(prefix, 'latin1'), hash])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
