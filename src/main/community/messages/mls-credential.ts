import { createPublicKey, verify } from 'node:crypto'
import type { MemberId } from '@shared/community/direct-conversation'
import { MessageRefused } from './message-refused'

/** The device key of `src/main/wallet/device-key.ts`, which stays where it is. */
export interface DeviceSigner {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array
  readonly sign: (payload: Uint8Array) => Uint8Array
}

const PREFIX = new TextEncoder().encode('we/dm/1\0')
/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), before its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const SIZE = 20 + 32 + 64

export const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))

function payload(account: Uint8Array, mlsKey: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([PREFIX, account, mlsKey]))
}

/**
 * The identity of a basic credential (RFC 9420, 5.3): account20, device32, and the device's signature over
 * `we/dm/1` 00, account, MLS signature key. MLS has its own signature key, so that the device key need not be lent to
 * it; the signature binds both, and every member checks it without asking anybody.
 */
export function makeCredential(account: string, device: DeviceSigner, mlsKey: Uint8Array): Uint8Array {
  const person = bytesOf(account)
  return new Uint8Array(Buffer.concat([person, device.publicKey, device.sign(payload(person, mlsKey))]))
}

/** Whose credential it is. Throws MessageRefused `malformed`; proves nothing. */
export function readCredential(identity: Uint8Array): MemberId {
  if (identity.length !== SIZE) throw new MessageRefused('malformed', `a credential of ${identity.length} bytes`)
  return { account: hexOf(identity.subarray(0, 20)), device: hexOf(identity.subarray(20, 52)) }
}

/** True when the device in the credential bound this MLS signature key to the account in it. */
export function isBound(identity: Uint8Array, mlsKey: Uint8Array): boolean {
  if (identity.length !== SIZE || mlsKey.length !== 32) return false
  const key = createPublicKey({ key: Buffer.concat([SPKI, identity.subarray(20, 52)]), format: 'der', type: 'spki' })
  return verify(null, payload(identity.subarray(0, 20), mlsKey), key, identity.subarray(52))
}
