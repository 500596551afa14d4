import { createHash } from 'node:crypto'
import { bytesOf } from './mls-credential'

/** An account with the devices (Ed25519 keys, 0x hex) whose keys are to be compared: one device, or all of them. */
export interface ComparedParty {
  readonly account: string
  readonly devices: readonly string[]
}

const ROUNDS = 5_200

/**
 * The number that two people compare to know that nobody sits between them: 60 digits, the same on both sides, after
 * Signal's numeric fingerprint (libsignal, `NumericFingerprintGenerator`, version 0, 5,200 rounds):
 *
 *     keys = the devices' keys, sorted bytewise, one after the other
 *     h(0) = 00 00 || keys || account20;   h(i) = SHA-512(h(i-1) || keys), i = 1 .. 5200
 *     30 digits of a party = for each of the first six groups of 5 bytes: big-endian number mod 100,000, 5 digits
 *     number = the 30 digits of both, the smaller first
 *
 * Any other set of devices, or another account, gives another number. About 10 ms of CPU for each side.
 */
export function safetyNumber(one: ComparedParty, other: ComparedParty): string {
  return [digits(one), digits(other)].sort().join('')
}

function digits({ account, devices }: ComparedParty): string {
  const keys = Buffer.concat(devices.map(bytesOf).sort((a, b) => Buffer.compare(a, b)))
  let hash = Buffer.concat([Buffer.of(0, 0), keys, bytesOf(account)])
  for (let round = 0; round < ROUNDS; round++) hash = createHash('sha512').update(hash).update(keys).digest()
  const groups = [0, 5, 10, 15, 20, 25].map((at) => String(hash.readUIntBE(at, 5) % 100_000).padStart(5, '0'))
  return groups.join('')
}
