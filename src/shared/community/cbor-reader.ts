import { EntryRefused } from './entry-refused'

/** Major types of CBOR (RFC 8949, 3.1). */
const UINT = 0
const BYTES = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
const NULL = 0xf6
/** Tag 42 in front of a byte string that begins with the multibase identity prefix 00 (dag-cbor, links). */
const LINK_TAG = [0xd8, 42]

/**
 * Reads the few shapes that headers, envelopes and answers are made of, and takes each in one spelling only: the one
 * of dag-cbor. About ten times as fast as decoding, encoding and comparing. Byte strings are views, not copies. All
 * methods throw EntryRefused `malformed` or `not-canonical`.
 */
export class CborReader {
  #at = 0

  constructor(private readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.#at === this.bytes.length
  }

  uint(): number {
    return this.#head(UINT)
  }

  array(): number {
    return this.#head(ARRAY)
  }

  map(): number {
    return this.#head(MAP)
  }

  /** A byte string of at most `max` bytes. */
  byteString(max: number): Uint8Array {
    return this.#take(BYTES, max)
  }

  /** Printable ASCII of at most `max` characters. */
  ascii(max: number): string {
    let text = ''
    for (const code of this.#take(TEXT, max)) {
      if (code < 0x20 || code > 0x7e) throw new EntryRefused('malformed', 'a text that is not plain')
      text += String.fromCharCode(code)
    }
    return text
  }

  /** A link: the 36 bytes of a CID. */
  link(): Uint8Array {
    for (const byte of LINK_TAG) if (this.bytes[this.#at++] !== byte) throw new EntryRefused('malformed', 'no link')
    const cid = this.byteString(37)
    if (cid.length !== 37 || cid[0] !== 0) throw new EntryRefused('malformed', 'no link')
    return cid.subarray(1)
  }

  /** Takes null if it comes next. */
  isNull(): boolean {
    if (this.bytes[this.#at] !== NULL) return false
    this.#at++
    return true
  }

  /** Takes the one-letter key of a map if it comes next. */
  isKey(letter: string): boolean {
    if (this.bytes[this.#at] !== 0x61 || this.bytes[this.#at + 1] !== letter.charCodeAt(0)) return false
    this.#at += 2
    return true
  }

  /** The key must come next. */
  key(letter: string): void {
    if (!this.isKey(letter)) throw new EntryRefused('malformed', `no field ${letter} where it belongs`)
  }

  /** Nothing may follow. */
  end(): void {
    if (!this.atEnd) throw new EntryRefused('malformed', 'bytes after the end')
  }

  #take(major: number, max: number): Uint8Array {
    const length = this.#head(major)
    if (length > max) throw new EntryRefused('oversized', `a field of ${length} bytes, limit ${max}`)
    if (length > this.bytes.length - this.#at) throw new EntryRefused('malformed', 'cut off')
    this.#at += length
    return this.bytes.subarray(this.#at - length, this.#at)
  }

  /** The number in a head; the shortest form only. */
  #head(major: number): number {
    const first = this.bytes[this.#at++]
    if (first === undefined) throw new EntryRefused('malformed', 'cut off')
    if (first >> 5 !== major) throw new EntryRefused('malformed', `type ${first >> 5} in place of ${major}`)
    const short = first & 31
    if (short < 24) return short
    if (short > 27) throw new EntryRefused('malformed', 'an open length')
    const width = 1 << (short - 24)
    let value = 0
    for (let left = width; left > 0; left--) {
      const byte = this.bytes[this.#at++]
      if (byte === undefined) throw new EntryRefused('malformed', 'cut off')
      value = value * 256 + byte
    }
    const least = width === 1 ? 24 : 2 ** (4 * width)
    if (value < least) throw new EntryRefused('not-canonical', 'a number in more bytes than it needs')
    if (value > Number.MAX_SAFE_INTEGER) throw new EntryRefused('malformed', 'a number beyond 2^53')
    return value
  }
}
