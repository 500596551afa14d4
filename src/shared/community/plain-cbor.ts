const MAX_DEPTH = 16
/** Shorter texts are put together letter by letter; longer ones are not worth it. */
const SHORT_TEXT = 24
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What `readPlain` says of bytes that others have to read. */
export const NOT_PLAIN = Symbol('not plain')

/**
 * Reads bytes that are for certain in dag-cbor's one spelling: maps with sorted ASCII keys, arrays, texts, byte strings,
 * whole numbers, true, false and null, all in their shortest form. NOT_PLAIN says nothing: links and fractions are left
 * to decoding, encoding and comparing, which takes ten times as long. Nearly every body is plain. Byte strings are copies.
 */
export function readPlain(bytes: Uint8Array): unknown {
  const reader = new PlainReader(bytes)
  const value = reader.value(0)
  return reader.at === bytes.length ? value : NOT_PLAIN
}

class PlainReader {
  at = 0

  constructor(private readonly bytes: Uint8Array) {}

  /** The item that comes next. */
  value(depth: number): unknown {
    const first = this.bytes[this.at++]
    if (first === undefined || depth > MAX_DEPTH) return NOT_PLAIN
    if (first === 0xf4) return false
    if (first === 0xf5) return true
    if (first === 0xf6) return null
    const size = this.#size(first & 31)
    if (size < 0) return NOT_PLAIN
    switch (first >> 5) {
      case 0:
        return size
      case 1:
        return size < Number.MAX_SAFE_INTEGER ? -1 - size : NOT_PLAIN
      case 2:
        return this.#bytes(size)
      case 3:
        return this.#text(size)
      case 4:
        return this.#array(size, depth)
      case 5:
        return this.#map(size, depth)
      default:
        return NOT_PLAIN
    }
  }

  /** The number in a head, in its shortest form; -1: in another one. */
  #size(short: number): number {
    if (short < 24) return short
    if (short > 27) return -1
    const width = 1 << (short - 24)
    const to = this.at + width
    if (to > this.bytes.length) return -1
    let size = 0
    while (this.at < to) size = size * 256 + this.bytes[this.at++]!
    const least = width === 1 ? 24 : 2 ** (4 * width)
    return size < least || size > Number.MAX_SAFE_INTEGER ? -1 : size
  }

  #bytes(length: number): unknown {
    if (length > this.bytes.length - this.at) return NOT_PLAIN
    this.at += length
    return new Uint8Array(this.bytes.subarray(this.at - length, this.at))
  }

  #text(length: number): unknown {
    if (length > this.bytes.length - this.at) return NOT_PLAIN
    if (length < SHORT_TEXT) {
      const text = this.#ascii(length)
      if (text !== null) return text
    }
    this.at += length
    try {
      // what a fatal decoder takes is what its text would be written as
      return utf8.decode(this.bytes.subarray(this.at - length, this.at))
    } catch {
      return NOT_PLAIN
    }
  }

  /** Null, and nothing is taken, when there are other letters. */
  #ascii(length: number): string | null {
    let text = ''
    for (let at = this.at; at < this.at + length; at++) {
      const code = this.bytes[at]!
      if (code > 0x7f) return null
      text += String.fromCharCode(code)
    }
    this.at += length
    return text
  }

  #array(count: number, depth: number): unknown {
    if (count > this.bytes.length - this.at) return NOT_PLAIN
    const items: unknown[] = []
    for (let left = count; left > 0; left--) {
      const item = this.value(depth + 1)
      if (item === NOT_PLAIN) return NOT_PLAIN
      items.push(item)
    }
    return items
  }

  /** Keys must be texts below 24 letters, each after the one before: shorter first, then by bytes. */
  #map(count: number, depth: number): unknown {
    const map: Record<string, unknown> = {}
    let before = -1
    for (let left = count; left > 0; left--) {
      const start = this.at
      const head = this.bytes[this.at++]
      if (head === undefined || head < 0x60 || head > 0x77 || this.at + (head & 31) > this.bytes.length)
        return NOT_PLAIN
      const key = this.#ascii(head & 31)
      // a map with this key would get another prototype
      if (key === null || key === '__proto__') return NOT_PLAIN
      if (before >= 0 && !this.#isAfter(start, before)) return NOT_PLAIN
      before = start
      const value = this.value(depth + 1)
      if (value === NOT_PLAIN) return NOT_PLAIN
      map[key] = value
    }
    return map
  }

  /** The head of a short text holds its length, so that comparing the bytes of both with their heads is enough. */
  #isAfter(key: number, before: number): boolean {
    const length = (this.bytes[key]! & 31) + 1
    for (let at = 0; at < length; at++) {
      const difference = this.bytes[key + at]! - this.bytes[before + at]!
      if (difference !== 0) return difference > 0
    }
    return false
  }
}
