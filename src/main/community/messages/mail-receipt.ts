import { verifyEd25519 } from '../../platform/ed25519'
import { hexOf, type DeviceSigner } from './mls-credential'

const PREFIX = new TextEncoder().encode('we/mail/receipt/1\0')
const KEY = 32
const SIGNATURE = 64
const HEAD = PREFIX.length + KEY + SIGNATURE
const MOST = 500

const signedPart = (to: Uint8Array, digests: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([PREFIX, to, digests]))

/**
 * Tells a sender that mail which somebody kept has arrived: prefix, key of the device that has it, its signature over
 * prefix, key of the sender's device and digests, then the SHA-256 of each piece. So whoever keeps mail cannot say so
 * in the recipient's place. No MLS message begins like it.
 */
export function makeReceipt(signer: DeviceSigner, to: Uint8Array, digests: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(Buffer.concat(digests.slice(0, MOST)))
  return new Uint8Array(Buffer.concat([PREFIX, signer.publicKey, signer.sign(signedPart(to, all)), all]))
}

export function isReceipt(mail: Uint8Array): boolean {
  return mail.length >= HEAD && Buffer.compare(mail.subarray(0, PREFIX.length), PREFIX) === 0
}

/** Whose receipt it is and what has arrived there; null when that device did not sign it for `to`. */
export function readReceipt(mail: Uint8Array, to: Uint8Array): { device: string; digests: Uint8Array[] } | null {
  const digests = mail.subarray(HEAD)
  if (!isReceipt(mail) || digests.length % KEY !== 0 || digests.length > MOST * KEY) return null
  const device = mail.subarray(PREFIX.length, PREFIX.length + KEY)
  const signature = mail.subarray(PREFIX.length + KEY, HEAD)
  if (!verifyEd25519(device, signedPart(to, digests), signature)) return null
  const count = digests.length / KEY
  return {
    device: hexOf(device),
    digests: Array.from({ length: count }, (_, at) => digests.subarray(at * KEY, (at + 1) * KEY)),
  }
}
