const DIGITS = '0123456789abcdef'

/** Bytes of `0x` and an even number of hex digits. Throws TypeError for anything else. */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex)) throw new TypeError('not hex digits')
  const bytes = new Uint8Array((hex.length - 2) / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 + 2 * at, 4 + 2 * at), 16)
  return bytes
}

/** `0x` and lower-case digits. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = '0x'
  for (const byte of bytes) hex += DIGITS[byte >> 4]! + DIGITS[byte & 15]!
  return hex
}

/** Unsigned, big-endian, in exactly `size` bytes. Throws RangeError when it does not fit. */
export function bigToBytes(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let left = value
  for (let at = size - 1; at >= 0; at--) {
    bytes[at] = Number(left & 255n)
    left >>= 8n
  }
  if (value < 0n || left !== 0n) throw new RangeError(`does not fit in ${size} bytes`)
  return bytes
}

/** Reads what `bigToBytes` wrote. */
export function bytesToBig(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}
