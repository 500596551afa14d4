import type { BatchDBOp, DB } from '@ethereumjs/util'
import type { ClassicLevel } from 'classic-level'

export type LedgerDatabase = ClassicLevel<Buffer, Uint8Array>

/** Clean nodes kept in memory, in bytes of values. */
const CACHE_BYTES = 12 * 1024 * 1024
const NODE_PREFIX = 'n'.charCodeAt(0)
/** RLP's mark of a string of 32 bytes: in front of every reference to a node and every code hash. */
const RLP_HASH = 0xa0
/** Prefix that the state manager gives to keys of code, as hexadecimal digits. */
const CODE_PREFIX = '63'

export interface NodeWrite {
  type: 'put'
  key: Buffer
  value: Uint8Array
}

/**
 * Nodes of the state tries by their hash, written back: what a block makes stays in memory until the block is written,
 * together with it, in one batch. Nodes are never changed, so a key that is known needs no second write.
 */
export class NodeStore implements DB<string> {
  #dirty = new Map<string, Uint8Array>()
  readonly #clean = new Map<string, Uint8Array>()
  #cleanBytes = 0

  constructor(private readonly level: Pick<LedgerDatabase, 'getSync'>) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- the trie awaits; reads are synchronous and quick
  async get(key: string): Promise<Uint8Array | undefined> {
    const known = this.#dirty.get(key) ?? this.#touch(key)
    if (known !== undefined) return known
    const stored = this.level.getSync(databaseKey(key))
    if (stored !== undefined) this.#keep(key, stored)
    return stored
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async put(key: string, value: Uint8Array): Promise<void> {
    if (!this.#clean.has(key)) this.#dirty.set(key, value)
  }

  /** Nothing is removed: old states stay readable. */
  async del(): Promise<void> {}

  // eslint-disable-next-line @typescript-eslint/require-await
  async batch(operations: BatchDBOp<string>[]): Promise<void> {
    for (const operation of operations) {
      if (operation.type === 'put' && !this.#clean.has(operation.key)) this.#dirty.set(operation.key, operation.value)
    }
  }

  shallowCopy(): DB<string> {
    return this
  }

  async open(): Promise<void> {}

  /**
   * The new nodes that `root` leads to. The trie also makes nodes that a later change in the same block replaces; these
   * are left out. Every 32 bytes behind RLP's mark count as a reference: too many at most, never too few.
   */
  writes(root: Uint8Array): NodeWrite[] {
    const writes: NodeWrite[] = []
    const seen = new Set<string>()
    const open = [Buffer.from(root).toString('hex')]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const key of [next, CODE_PREFIX + next]) {
        const value = seen.has(key) ? undefined : this.#dirty.get(key)
        if (value === undefined) continue
        seen.add(key)
        writes.push({ type: 'put', key: databaseKey(key), value })
        if (key !== next) continue // code refers to nothing
        const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
        for (
          let at = bytes.indexOf(RLP_HASH);
          at !== -1 && at + 33 <= bytes.length;
          at = bytes.indexOf(RLP_HASH, at + 1)
        )
          open.push(bytes.toString('hex', at + 1, at + 33))
      }
    }
    return writes
  }

  /** After the batch is on disk. */
  written(writes: readonly NodeWrite[]): void {
    for (const { key, value } of writes) this.#keep(key.toString('hex', 1), value)
    this.#dirty = new Map()
  }

  /** Forgets what was made since the last block. */
  discard(): void {
    this.#dirty = new Map()
  }

  #touch(key: string): Uint8Array | undefined {
    const value = this.#clean.get(key)
    if (value !== undefined) {
      this.#clean.delete(key) // the oldest use comes first in a Map
      this.#clean.set(key, value)
    }
    return value
  }

  #keep(key: string, value: Uint8Array): void {
    if (this.#clean.has(key)) return
    this.#clean.set(key, value)
    this.#cleanBytes += value.length
    for (const [oldest, old] of this.#clean) {
      if (this.#cleanBytes <= CACHE_BYTES) break
      this.#clean.delete(oldest)
      this.#cleanBytes -= old.length
    }
  }
}

function databaseKey(hex: string): Buffer {
  const key = Buffer.allocUnsafe(1 + hex.length / 2)
  key[0] = NODE_PREFIX
  key.write(hex, 1, 'hex')
  return key
}
