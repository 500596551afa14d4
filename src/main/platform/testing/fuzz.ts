import { getHeapStatistics } from 'node:v8'
import { seeded } from './seeded'

/** Inputs of a share of 1; `WE_FUZZ=1000000` for the long run, which is CI's. */
const INPUTS = Number(process.env['WE_FUZZ'] ?? 20_000)
/** One input must not take more than this, whatever it says of itself. */
const MOST_BYTES = 24 * 1024 * 1024
const MOST_MS = 1_000
/** To ask for the memory takes as long as to decode ten inputs; who keeps 24 MiB for one keeps them for so many. */
const LOOK_EACH = 64
const MOST_CHANGES = 4

/**
 * A sample with a few bytes changed, cut off, put in twice, or with the end of another; without memory of its own, so that a million
 * are made in half a second. What was given out is only there until the next one.
 */
class Mutator {
  readonly #bytes: Buffer[]
  readonly #joined: Buffer
  readonly #places = new Int32Array(MOST_CHANGES)
  readonly #values = new Uint8Array(MOST_CHANGES)
  #changed = 0
  #sample: Buffer

  constructor(
    samples: readonly Uint8Array[],
    private readonly next: () => number,
  ) {
    this.#bytes = samples.map((sample) => Buffer.from(sample))
    this.#joined = Buffer.alloc(2 * Math.max(...samples.map(({ length }) => length)))
    this.#sample = this.#bytes[0]!
  }

  /** The sample of this number, changed. */
  make(at: number): Buffer {
    this.#restore()
    const { next } = this
    const bytes = (this.#sample = this.#bytes[at % this.#bytes.length]!)
    const other = this.#bytes[Math.floor(next() * this.#bytes.length)]!
    const changes = Math.floor(next() * (MOST_CHANGES + 1))
    for (let i = 0; i < changes && bytes.length > 0; i++) {
      // the heads of formats are where lengths are
      const reach = next() < 0.5 ? Math.min(24, bytes.length) : bytes.length
      const place = Math.floor(next() * reach)
      this.#places[i] = place
      this.#values[i] = bytes[place]!
      this.#changed = i + 1
      bytes[place] = next() < 0.3 ? 0xff : Math.floor(next() * 256)
    }
    const where = Math.floor(next() * (bytes.length + 1))
    const how = next()
    if (how < 0.2) return bytes.subarray(0, where)
    if (how < 0.3) return this.#join(bytes, bytes.length, bytes, where)
    if (how < 0.4) return this.#join(bytes, where, other, Math.floor(next() * other.length))
    return bytes
  }

  #join(head: Buffer, until: number, tail: Buffer, from: number): Buffer {
    head.copy(this.#joined, 0, 0, until)
    return this.#joined.subarray(0, until + tail.copy(this.#joined, until, from))
  }

  #restore(): void {
    while (this.#changed > 0) {
      const i = --this.#changed
      this.#sample[this.#places[i]!] = this.#values[i]!
    }
  }
}

/**
 * Gives a decoder its part of the inputs, made of `samples`, and fails with the input in hex for an error that is not a refusal,
 * for a pause of a second and for memory beyond 24 MiB. Returns how many were refused.
 * @param share of `WE_FUZZ`
 * @param work the input is only there during the call
 */
export function fuzz(
  share: number,
  samples: readonly Uint8Array[],
  work: (input: Buffer) => void,
  isRefusal: (error: unknown) => boolean,
): { inputs: number; refused: number } {
  const inputs = Math.max(samples.length, Math.round(INPUTS * share))
  const mutator = new Mutator(samples, seeded(inputs))
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // most inputs are refused by an error, and its stack is what costs
  let refused = 0
  let before = held()
  const from = process.env['WE_FUZZ_TIMES'] === undefined ? 0 : performance.now()
  try {
    for (let i = 0; i < inputs; i++) {
      const input = mutator.make(i)
      const began = performance.now()
      try {
        work(input)
      } catch (error) {
        if (!isRefusal(error)) throw new Error(`input ${i}: ${input.toString('hex')}`, { cause: error })
        refused += 1
      }
      const took = performance.now() - began
      const grown = i % LOOK_EACH === 0 ? held() - before : 0
      if (grown > MOST_BYTES || took > MOST_MS) {
        const which = grown > MOST_BYTES ? `one of the ${LOOK_EACH} inputs up to ${i}` : `input ${i}`
        throw new Error(`${which} took ${Math.round(took)} ms and ${grown} bytes: ${input.toString('hex')}`)
      }
      if (i % LOOK_EACH === 0) before = held()
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  if (from > 0) console.log(`${inputs} inputs, ${((performance.now() - from) / inputs) * 1000} us each`)
  return { inputs, refused }
}

function held(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}
