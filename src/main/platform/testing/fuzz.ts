import { getHeapStatistics } from 'node:v8'
import { seeded } from './seeded'

/** Inputs of all fuzz tests together; `WE_FUZZ=1000000` for the long run. */
const INPUTS = Number(process.env['WE_FUZZ'] ?? 20_000)
/** One input must not take more than this, whatever it says of itself. */
const MOST_BYTES = 24 * 1024 * 1024
const MOST_MS = 1_000

/** A sample with a few bytes changed, cut off, put in twice, or with the end of another. */
function mutated(sample: Uint8Array, other: Uint8Array, next: () => number): Buffer {
  const bytes = Buffer.from(sample)
  const changes = Math.floor(next() * 5)
  for (let i = 0; i < changes && bytes.length > 0; i++) {
    // the heads of formats are where lengths are
    const reach = next() < 0.5 ? Math.min(24, bytes.length) : bytes.length
    bytes[Math.floor(next() * reach)] = next() < 0.3 ? 0xff : Math.floor(next() * 256)
  }
  const where = Math.floor(next() * (bytes.length + 1))
  const how = next()
  if (how < 0.2) return bytes.subarray(0, where)
  if (how < 0.3) return Buffer.concat([bytes, bytes.subarray(where)])
  if (how < 0.4) return Buffer.concat([bytes.subarray(0, where), other.subarray(Math.floor(next() * other.length))])
  return bytes
}

/**
 * Gives a decoder its part of the inputs, made of `samples`, and fails with the input in hex for an error that is not a refusal,
 * for a pause of a second and for memory beyond 24 MiB. Returns how many were refused.
 * @param share of all inputs
 */
export function fuzz(
  share: number,
  samples: readonly Uint8Array[],
  work: (input: Buffer) => void,
  isRefusal: (error: unknown) => boolean,
): { inputs: number; refused: number } {
  const inputs = Math.max(samples.length, Math.round(INPUTS * share))
  const next = seeded(inputs)
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // most inputs are refused by an error, and its stack is what costs
  let refused = 0
  try {
    for (let i = 0; i < inputs; i++) {
      const input = mutated(samples[i % samples.length]!, samples[Math.floor(next() * samples.length)]!, next)
      const began = performance.now()
      const before = held()
      try {
        work(input)
      } catch (error) {
        if (!isRefusal(error)) throw new Error(`input ${i}: ${input.toString('hex')}`, { cause: error })
        refused += 1
      }
      const grown = held() - before
      const took = performance.now() - began
      if (grown > MOST_BYTES || took > MOST_MS) {
        throw new Error(`input ${i} took ${Math.round(took)} ms and ${grown} bytes: ${input.toString('hex')}`)
      }
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  return { inputs, refused }
}

function held(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}
