import type { LogEntry } from './executed-transaction'
import { hex, invalid, readBytes, readFields } from './rpc-params'

const MAX_CHOICES = 1_000

/** Which logs `eth_getLogs` asks for: addresses (any when empty) and, for each place, topics (any when null). */
export interface LogFilter {
  addresses: ReadonlySet<string>
  topics: (ReadonlySet<string> | null)[]
}

export function readLogFilter(value: unknown): LogFilter {
  const { address, topics = [] } = readFields(value)
  if (!Array.isArray(topics) || topics.length > 4) throw invalid('At most four topics can be asked for.')
  return {
    addresses: address === undefined || address === null ? new Set() : choices(address, 20),
    topics: topics.map((topic: unknown) => (topic === null || topic === undefined ? null : choices(topic, 32))),
  }
}

export function matches({ addresses, topics }: LogFilter, [address, found]: LogEntry): boolean {
  if (addresses.size > 0 && !addresses.has(hex(address))) return false
  return topics.every((wanted, place) => {
    const topic = found[place]
    return wanted === null || (topic !== undefined && wanted.has(hex(topic)))
  })
}

function choices(value: unknown, length: number): Set<string> {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > MAX_CHOICES) throw invalid(`More than ${MAX_CHOICES} choices.`)
  return new Set(list.map((one) => hex(readBytes(one, length))))
}
