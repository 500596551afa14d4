/** Puts together what `CborReader` reads: byte strings, arrays, numbers and null, in dag-cbor's one spelling. */
export class CborWriter {
  readonly #parts: Uint8Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  uint(value: number): this {
    return this.#head(0, value)
  }

  array(count: number): this {
    return this.#head(4, count)
  }

  map(count: number): this {
    return this.#head(5, count)
  }

  /** Kept as it is until `finish`. */
  byteString(bytes: Uint8Array): this {
    this.#head(2, bytes.length)
    return this.#push(bytes)
  }

  null(): this {
    return this.#push(Uint8Array.of(0xf6))
  }

  /** A map's key of one letter. */
  key(letter: string): this {
    return this.#push(Uint8Array.of(0x61, letter.charCodeAt(0)))
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  #head(major: number, value: number): this {
    const kind = major << 5
    if (value < 24) return this.#push(Uint8Array.of(kind | value))
    if (value < 0x100) return this.#push(Uint8Array.of(kind | 24, value))
    if (value < 0x10000) return this.#push(Uint8Array.of(kind | 25, value >> 8, value & 255))
    const wide = value >= 2 ** 32
    const bytes = new Uint8Array(wide ? 9 : 5)
    bytes[0] = kind | (wide ? 27 : 26)
    for (let at = bytes.length - 1, left = value; at > 0; at--, left = Math.floor(left / 256)) bytes[at] = left % 256
    return this.#push(bytes)
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    this.#length += bytes.length
    return this
  }
}
