import * as dagCbor from '@ipld/dag-cbor'
import { z } from 'zod'
import { StudioError } from '../errors'
import { MAX_AUTHORITIES, MAX_GENESIS_BYTES } from './ledger-limits'

const address = z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 20)

/** A step of the genesis, made by the system sender: creates a contract (`to` null) or calls one. */
const GenesisCall = z.strictObject({
  to: address.nullable(),
  data: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  /** Name of the contract that it creates; null for calls. */
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/)
    .nullable(),
})
export type GenesisCall = z.infer<typeof GenesisCall>

/** All that a ledger starts from. Its hash names the ledger; whoever has it computes the same first state. */
export const Genesis = z.strictObject({
  v: z.literal(1),
  name: z.string().max(80),
  /** Unix seconds. */
  t: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Addresses of the keys that make and confirm blocks; height n belongs to number n mod k. */
  authorities: z.array(address).min(1).max(MAX_AUTHORITIES),
  calls: z.array(GenesisCall).max(256),
})
export type Genesis = z.infer<typeof Genesis>

export function encodeGenesis(genesis: Genesis): Uint8Array {
  return dagCbor.encode(genesis)
}

/** Throws a StudioError `genesis-malformed`. */
export function decodeGenesis(encoded: Uint8Array): Genesis {
  try {
    if (encoded.length > MAX_GENESIS_BYTES) throw new Error(`${encoded.length} bytes`)
    const genesis = Genesis.parse(dagCbor.decode(encoded))
    if (new Set(genesis.authorities.map(String)).size !== genesis.authorities.length) throw new Error('equal keys')
    return genesis
  } catch (cause) {
    throw new StudioError('genesis-malformed', 'The beginning of this ledger cannot be read.', { cause })
  }
}

/** Unique for each ledger and below 2^53: "WE", then room for the first four bytes of the hash. */
export function chainIdOf(genesisHash: Uint8Array): number {
  return 0x5745000000 + new DataView(genesisHash.buffer, genesisHash.byteOffset).getUint32(0)
}

/** Whether an id is one that `chainIdOf` gives. */
export function isLocalChain(chainId: bigint): boolean {
  return chainId >= 0x5745000000n && chainId <= 0x5844ffffffn
}
