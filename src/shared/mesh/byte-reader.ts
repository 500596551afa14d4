/** Bytes of a peer that are not what the mesh protocol allows; who sent them is dropped. */
export class MeshFault extends Error {
  readonly fault: 'malformed' | 'wrong-signature' | 'wrong-hash' | 'wrong-show'

  constructor(fault: MeshFault['fault'], message: string) {
    super(message)
    this.name = 'MeshFault'
    this.fault = fault
  }
}

/** Reads big-endian numbers and byte strings of bytes from outside. Every read past the end throws MeshFault. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  u24(): number {
    const at = this.#take(3)
    return (this.#view.getUint8(at) << 16) | this.#view.getUint16(at + 1)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8))
  }

  /** A view into the bytes read. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Throws unless all was read. */
  end(): void {
    if (this.left !== 0) throw new MeshFault('malformed', `${this.left} bytes too many`)
  }

  #take(length: number): number {
    if (length > this.left) throw new MeshFault('malformed', `${length} bytes where ${this.left} are left`)
    const at = this.#at
    this.#at += length
    return at
  }
}
