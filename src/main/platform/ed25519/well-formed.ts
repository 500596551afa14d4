const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
/** The prime 2^255 - 19, little-endian. */
const PRIME = Buffer.from(`ed${'ff'.repeat(30)}7f`, 'hex')
/**
 * y of the points of order 1, 2, 4 and 8 (each with both signs of x), little-endian: whoever takes one as a key, or as
 * the first half of a signature, gets signatures that hold for many texts.
 */
const SMALL_ORDER = new Set([
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/**
 * [Note: One verdict]
 * Two libraries may differ on signatures that no honest key makes, and a stranger could split peers with such a one:
 * some would take its record and bar those who do not. So what the stricter one refuses is refused here, whichever
 * library goes on to verify: other lengths, a key that is not in its one spelling (y below 2^255 - 19), keys and first
 * halves (R) of small order. Both refuse by themselves an S of 2^252 + ... and more and an R in another spelling, and
 * both use the equation without cofactor (RFC 8032, 5.1.7; Chalkias et al., "Taming the many EdDSAs", 2020).
 */
export function isWellFormed(publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
  const y = withoutSign(publicKey)
  return isBelowPrime(y) && !isSmallOrder(y) && !isSmallOrder(withoutSign(signature))
}

/** y of an encoded point: its sign of x, the highest bit, left out. */
function withoutSign(point: Uint8Array): Buffer {
  const y = Buffer.from(point.subarray(0, KEY_BYTES))
  y[KEY_BYTES - 1]! &= 0x7f
  return y
}

function isBelowPrime(y: Buffer): boolean {
  for (let at = KEY_BYTES - 1; at >= 0; at--) if (y[at] !== PRIME[at]) return y[at]! < PRIME[at]!
  return false
}

function isSmallOrder(y: Buffer): boolean {
  return SMALL_ORDER.has(y.toString('hex'))
}
