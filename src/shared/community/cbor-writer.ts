import { EntryRefused } from './entry-refused'

const TYPES = { uint: 0, bytes: 2, text: 3, array: 4, map: 5 } as const
/** Tag 42, then a byte string of 37 bytes that begins with the multibase identity prefix 00 (dag-cbor, links). */
const LINK_HEAD = Uint8Array.of(0xd8, 42, 0x58, 37, 0)

/** Puts together what `CborReader` reads: byte strings, texts, arrays, numbers, links and null, in dag-cbor's one spelling. */
export class CborWriter {
  #bytes: Uint8Array
  #length = 0

  /** @param room bytes that are expected; more of them cost a copy */
  constructor(room = 1_024) {
    this.#bytes = new Uint8Array(room)
  }

  get length(): number {
    return this.#length
  }

  /** Throws EntryRefused `malformed` for what is no whole number from 0 to 2^53. */
  uint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new EntryRefused('malformed', `${value} as a whole number`)
    return this.#head(TYPES.uint, value)
  }

  array(count: number): this {
    return this.#head(TYPES.array, count)
  }

  map(count: number): this {
    return this.#head(TYPES.map, count)
  }

  byteString(bytes: Uint8Array): this {
    return this.#head(TYPES.bytes, bytes.length).#put(bytes)
  }

  /** Throws EntryRefused `malformed` for other letters. */
  ascii(text: string): this {
    this.#head(TYPES.text, text.length).#room(text.length)
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) throw new EntryRefused('malformed', 'a text that is not plain')
      this.#bytes[this.#length++] = code
    }
    return this
  }

  /** The 36 bytes of a CID. */
  link(cid: Uint8Array): this {
    return this.#put(LINK_HEAD).#put(cid)
  }

  null(): this {
    this.#room(1)
    this.#bytes[this.#length++] = 0xf6
    return this
  }

  /** A map's key of one letter. */
  key(letter: string): this {
    return this.ascii(letter)
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #head(type: number, value: number): this {
    const kind = type << 5
    this.#room(9)
    if (value < 24) {
      this.#bytes[this.#length++] = kind | value
      return this
    }
    const size = value < 0x100 ? 0 : value < 0x10000 ? 1 : value < 2 ** 32 ? 2 : 3
    this.#bytes[this.#length++] = kind | (24 + size)
    const end = this.#length + (1 << size)
    let left = value
    for (let at = end - 1; at >= this.#length; at--) {
      this.#bytes[at] = left % 256
      left = Math.floor(left / 256)
    }
    this.#length = end
    return this
  }

  #put(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** Makes room for so many bytes more. */
  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
