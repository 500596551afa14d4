import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'

/**
 * A store in memory that forgets what was not read or written for the longest, beyond so many entries and bytes; a larger one is
 * refused. libp2p keeps who it met in one, and would keep every name that a flood made up, with 80 KB of what it said of itself, for six hours.
 */
export class BoundedDatastore extends MemoryDatastore {
  /** Bytes of the entries by key; the longest unused comes first. */
  readonly #sizes = new Map<string, number>()
  #bytes = 0

  constructor(
    private readonly mostEntries: number,
    private readonly mostBytes: number,
    private readonly mostEntryBytes: number,
  ) {
    super()
  }

  get entries(): number {
    return this.#sizes.size
  }

  /** Throws RangeError for a value that is larger than one may be. */
  override put(key: Key, value: Uint8Array): Key {
    if (value.length > this.mostEntryBytes) throw new RangeError(`an entry of ${value.length} bytes`)
    const name = key.toString()
    this.#forget(name)
    this.#sizes.set(name, value.length)
    this.#bytes += value.length
    void super.put(key, value)
    while (this.#sizes.size > this.mostEntries || this.#bytes > this.mostBytes) {
      this.delete(new Key(this.#sizes.keys().next().value!))
    }
    return key
  }

  override get(key: Key): Uint8Array {
    const value = super.get(key) as Uint8Array
    const name = key.toString()
    const size = this.#sizes.get(name)
    if (size !== undefined) {
      this.#sizes.delete(name)
      this.#sizes.set(name, size)
    }
    return value
  }

  override delete(key: Key): void {
    this.#forget(key.toString())
    void super.delete(key)
  }

  #forget(name: string): void {
    this.#bytes -= this.#sizes.get(name) ?? 0
    this.#sizes.delete(name)
  }
}
