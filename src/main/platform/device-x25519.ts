import { createPrivateKey, createPublicKey, diffieHellman, hkdfSync, type KeyObject } from 'node:crypto'

/** PKCS #8 and SPKI of an X25519 key (RFC 8410), before its 32 bytes. */
const SECRET_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')

/** The X25519 key of a device, derived from its seed; its public half stands in the device's key grant. */
export function deviceX25519(seed: Uint8Array): KeyObject {
  return x25519Secret(new Uint8Array(hkdfSync('sha256', seed, '', 'we-studio/x25519/1', 32)))
}

/** @param secret 32 bytes */
export function x25519Secret(secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([SECRET_PREFIX, secret]), format: 'der', type: 'pkcs8' })
}

/** 32 bytes. */
export function x25519Public(secret: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32))
}

/** The shared secret of RFC 7748, 32 bytes. Throws for the few public keys that make it zero. */
export function x25519(secret: KeyObject, publicKey: Uint8Array): Uint8Array {
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' })
  return new Uint8Array(diffieHellman({ privateKey: secret, publicKey: key }))
}
