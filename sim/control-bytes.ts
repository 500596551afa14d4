import type { MeshMessage } from '@shared/mesh/mesh-message'
import { encodeControl } from '@shared/mesh/mesh-wire'

/** As long as the id of a peer with an Ed25519 key in its usual writing. */
const ID = '12D3KooW'.padEnd(52, 'x')
const PEERS = new Set(['parent', 'standby', 'displaces', 'to', 'peer', 'others'])

/** Bytes of a message in its frame, as the app would send it; streams, encryption and packets not counted. */
export function controlBytes(message: MeshMessage<number>): number {
  return encodeControl({ type: 'message', message: named(message, '') as MeshMessage<string> }).length
}

/** The same with names of peers instead of their numbers. */
function named(value: unknown, key: string): unknown {
  if (typeof value === 'number') return PEERS.has(key) ? ID : value
  if (Array.isArray(value)) return value.map((one) => named(one, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, named(part, name)]))
}
