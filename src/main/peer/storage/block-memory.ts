/** Smaller blocks are the runtime's. */
const LEAST_BYTES = 64 * 1024
/** Memory is kept in steps of this, so that blocks of nearly one size share it. */
const STEP_BYTES = 64 * 1024
/** A little more than one reader has on its way. */
const MOST_FREE_BYTES = 24 * 1024 * 1024
const IDLE_MS = 10_000

/**
 * Memory for blocks that arrive, used again when a block is done with.
 * [Note: Block memory] Memory of a block counts as external to V8, which collects the whole heap for every 64 MiB of it: a
 * third of the processor time of a quick fetch, most of it on other threads. What is never given back is collected as ever.
 */
export class BlockMemory {
  readonly #free = new Map<number, ArrayBuffer[]>()
  #freeBytes = 0
  #idle: NodeJS.Timeout | null = null
  #wasUsed = false

  /** So many bytes with anything in them: each must be written before it is read. */
  take(length: number): Uint8Array {
    if (length < LEAST_BYTES) return new Uint8Array(length)
    this.#wasUsed = true
    const size = Math.ceil(length / STEP_BYTES) * STEP_BYTES
    const known = this.#free.get(size)?.pop()
    if (known === undefined) return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer, 0, length)
    this.#freeBytes -= size
    return new Uint8Array(known, 0, length)
  }

  /** Nobody reads these bytes of `take` any more. */
  give({ buffer }: Uint8Array): void {
    const size = buffer.byteLength
    if (size < LEAST_BYTES || size % STEP_BYTES !== 0 || !(buffer instanceof ArrayBuffer)) return
    // blocks of another size are on their way now
    if (this.#freeBytes + size > MOST_FREE_BYTES && !this.#free.has(size)) this.#clear()
    if (this.#freeBytes + size > MOST_FREE_BYTES) return
    const free = this.#free.get(size) ?? []
    this.#free.set(size, free)
    free.push(buffer)
    this.#freeBytes += size
    this.#idle ??= setInterval(() => this.#look(), IDLE_MS).unref()
  }

  #look(): void {
    if (!this.#wasUsed) this.#clear()
    this.#wasUsed = false
  }

  #clear(): void {
    this.#free.clear()
    this.#freeBytes = 0
    if (this.#idle !== null) clearInterval(this.#idle)
    this.#idle = null
  }
}

/** Bytes of a block that several may hold; when the last one drops them their memory is used again. */
export class LentBlock {
  #holders = 1

  constructor(
    readonly bytes: Uint8Array,
    /** Left out: the memory is of the runtime. */
    private readonly memory?: BlockMemory,
  ) {}

  hold(): this {
    this.#holders += 1
    return this
  }

  /** The bytes must not be read by this holder any more. Who never drops costs nothing but a collection. */
  drop(): void {
    this.#holders -= 1
    if (this.#holders === 0) this.memory?.give(this.bytes)
  }
}
