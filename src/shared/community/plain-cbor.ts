const MAX_DEPTH = 16

/**
 * True when bytes are for certain in dag-cbor's one spelling: maps with sorted keys, arrays, ASCII texts, byte strings,
 * whole numbers, true, false and null, all in their shortest form. False says nothing: links, fractions and other
 * letters are left to decoding, encoding and comparing, which takes five times as long. Nearly every body is plain.
 */
export function isPlainCanonical(bytes: Uint8Array): boolean {
  return end(bytes, 0, 0) === bytes.length
}

/** Where the item at `at` ends; -1 when it is not plain. */
function end(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at]
  if (first === undefined || depth > MAX_DEPTH) return -1
  if (first === 0xf4 || first === 0xf5 || first === 0xf6) return at + 1
  const short = first & 31
  let size = short
  let next = at + 1
  if (short === 24) {
    size = bytes[next] ?? 0
    next += 1
    if (size < 24) return -1
  } else if (short === 25) {
    size = (bytes[next] ?? 0) * 256 + (bytes[next + 1] ?? 0)
    next += 2
    if (size < 256) return -1
  } else if (short === 26) {
    size =
      (bytes[next] ?? 0) * 2 ** 24 +
      ((bytes[next + 1] ?? 0) << 16) +
      ((bytes[next + 2] ?? 0) << 8) +
      (bytes[next + 3] ?? 0)
    next += 4
    if (size < 65_536) return -1
  } else if (short > 26) return -1
  if (next > bytes.length) return -1
  switch (first >> 5) {
    case 0:
    case 1:
      return next
    case 2:
      return next + size <= bytes.length ? next + size : -1
    case 3:
      return asciiEnd(bytes, next, size)
    case 4:
      for (let left = size; left > 0; left--) if ((next = end(bytes, next, depth + 1)) < 0) return -1
      return next
    case 5:
      return mapEnd(bytes, next, size, depth)
    default:
      return -1
  }
}

function asciiEnd(bytes: Uint8Array, from: number, length: number): number {
  const to = from + length
  if (to > bytes.length) return -1
  for (let at = from; at < to; at++) if (bytes[at]! > 0x7f) return -1
  return to
}

/** Keys must be texts below 24 letters, each after the one before: shorter first, then by bytes. */
function mapEnd(bytes: Uint8Array, from: number, count: number, depth: number): number {
  let at = from
  let before = -1
  for (let left = count; left > 0; left--) {
    const head = bytes[at]
    if (head === undefined || head < 0x60 || head > 0x77) return -1
    const key = at
    at = asciiEnd(bytes, at + 1, head & 31)
    if (at < 0 || (before >= 0 && !isAfter(bytes, key, before))) return -1
    before = key
    if ((at = end(bytes, at, depth + 1)) < 0) return -1
  }
  return at
}

/** The head of a short text holds its length, so that comparing the bytes of both with their heads is enough. */
function isAfter(bytes: Uint8Array, key: number, before: number): boolean {
  const length = (bytes[key]! & 31) + 1
  for (let at = 0; at < length; at++) {
    const difference = bytes[key + at]! - bytes[before + at]!
    if (difference !== 0) return difference > 0
  }
  return false
}
