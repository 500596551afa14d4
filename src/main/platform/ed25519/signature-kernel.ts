import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface SignedText {
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** What `wasm/kernel.ts` exports. */
interface Loops {
  keyTableBytes: () => number
  baseTableBytes: () => number
  scratchBytes: (items: number) => number
  setup: (baseTable: number, scratch: number) => void
  makeTable: (keyTable: number, key: number, scratch: number) => number
  verify: (count: number, items: number, keyTable: number, baseTable: number, verdicts: number, scratch: number) => void
}

const LOOPS = ['keyTableBytes', 'baseTableBytes', 'scratchBytes', 'setup', 'makeTable', 'verify']
/** Static data of an AssemblyScript module begins at 1024. */
const FIRST_BYTE = 65_536
const PAGE_BYTES = 65_536
const ITEM_BYTES = 128
/** Signatures in one call: 5 ms. */
export const AT_ONCE = 200
/** Keys whose tables are kept, 74 kB each. */
const KEPT_KEYS = 8
/** A table costs as much as it saves with so many signatures (0.7 ms; 30 us each). */
const WORTH_A_TABLE = 32
/** Fewer, and the inversion that they share makes them dear. */
const WORTH_A_CALL = 4

/**
 * Verifies many signatures of one key in 23 to 30 us each, where libsodium and BoringSSL need 52 to 60: by tables of multiples of
 * the key (`wasm/comb.ts`). A yes holds (the note One verdict); what gets no yes has to be asked of another.
 */
export class SignatureKernel {
  readonly #loops: Loops
  readonly #bytes: Buffer
  readonly #baseTable = FIRST_BYTE
  readonly #items: number
  readonly #verdicts: number
  readonly #key: number
  readonly #scratch: number
  /** Places of tables by keys in hex, the least used first; -1: no table can be made. */
  readonly #tables = new Map<string, number>()
  readonly #free: number[] = []
  #hashed = Buffer.alloc(1_024)

  /** Throws what WebAssembly throws. */
  constructor(module: WebAssembly.Module) {
    // its sizes decide how much memory it needs
    const sizes = instanceOf(module, new WebAssembly.Memory({ initial: 2, maximum: 2 }))
    const keyTables = this.#baseTable + sizes.baseTableBytes()
    for (let key = 0; key < KEPT_KEYS; key++) this.#free.push(keyTables + key * sizes.keyTableBytes())
    this.#items = keyTables + KEPT_KEYS * sizes.keyTableBytes()
    this.#verdicts = this.#items + AT_ONCE * ITEM_BYTES
    this.#key = this.#verdicts + AT_ONCE
    this.#scratch = this.#key + 64
    const pages = Math.ceil((this.#scratch + sizes.scratchBytes(AT_ONCE)) / PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.#loops = instanceOf(module, memory)
    this.#bytes = Buffer.from(memory.buffer)
    this.#loops.setup(this.#baseTable, this.#scratch)
  }

  /** A file that `scripts/kernel.mjs` made. Throws when it is missing or does not run here. */
  static load(path: string): SignatureKernel {
    return new SignatureKernel(new WebAssembly.Module(readFileSync(path)))
  }

  /**
   * For each text whether it is for certain signed by this key (32 bytes); all false when there are too few of them for
   * it to be worth while, or the key is none that an honest device has.
   * @param signed at most AT_ONCE
   */
  verify(publicKey: Uint8Array, signed: readonly SignedText[]): boolean[] {
    const table = signed.length < WORTH_A_CALL ? null : this.#table(publicKey, signed.length)
    if (table === null || signed.some(({ signature }) => signature.length !== 64)) return signed.map(() => false)
    for (const [at, one] of signed.entries()) this.#put(this.#items + at * ITEM_BYTES, publicKey, one)
    this.#loops.verify(signed.length, this.#items, table, this.#baseTable, this.#verdicts, this.#scratch)
    return Array.from(this.#bytes.subarray(this.#verdicts, this.#verdicts + signed.length), (verdict) => verdict === 1)
  }

  /** Where the table of a key lies; null: there is none. */
  #table(publicKey: Uint8Array, signatures: number): number | null {
    if (publicKey.length !== 32) return null
    const name = Buffer.from(publicKey).toString('hex')
    let place = this.#tables.get(name)
    if (place === undefined) {
      if (signatures < WORTH_A_TABLE) return null
      place = this.#make(publicKey)
    }
    this.#tables.delete(name)
    this.#tables.set(name, place)
    return place < 0 ? null : place
  }

  #make(publicKey: Uint8Array): number {
    if (this.#tables.size >= KEPT_KEYS) {
      const [oldest, freed] = this.#tables.entries().next().value!
      this.#tables.delete(oldest)
      if (freed >= 0) this.#free.push(freed)
    }
    const place = this.#free.pop()!
    this.#bytes.set(publicKey, this.#key)
    if (this.#loops.makeTable(place, this.#key, this.#scratch) === 1) return place
    this.#free.push(place)
    return -1
  }

  /** R, S, and SHA-512 of R, the key and the text (RFC 8032, 5.1.7). */
  #put(item: number, publicKey: Uint8Array, { payload, signature }: SignedText): void {
    const length = 64 + payload.length
    if (length > this.#hashed.length) this.#hashed = Buffer.alloc(length * 2)
    const hashed = this.#hashed
    for (let at = 0; at < 32; at++) {
      hashed[at] = signature[at]!
      hashed[32 + at] = publicKey[at]!
    }
    hashed.set(payload, 64)
    this.#bytes.set(signature, item)
    this.#bytes.write(hash('sha512', hashed.subarray(0, length), 'binary'), item + 64, 'latin1')
  }
}

function instanceOf(module: WebAssembly.Module, memory: WebAssembly.Memory): Loops {
  const abort = (): never => {
    throw new Error('the signature kernel gave up')
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } })
  for (const name of LOOPS)
    if (typeof exports[name] !== 'function') throw new Error(`the signature kernel has no function ${name}`)
  return exports as unknown as Loops
}
