import { bigToBytes, hexToBytes } from './hex-bytes'

const WORD = 32

/**
 * `abi.encode` of static values: each in one word of 32 bytes, numbers big-endian, addresses on the right (Solidity ABI
 * specification, "Formal specification of the encoding"). Hex of 20 or 32 bytes, or a number. Throws when one does not fit.
 */
export function abiWords(values: readonly (string | number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(WORD * values.length)
  values.forEach((value, index) => {
    const part = typeof value === 'string' ? hexToBytes(value) : bigToBytes(BigInt(value), WORD)
    if (part.length > WORD) throw new RangeError('longer than a word')
    bytes.set(part, WORD * (index + 1) - part.length)
  })
  return bytes
}
