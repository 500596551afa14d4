/**
 * Read access to one FlatBuffers table (https://flatbuffers.dev/internals/): little endian, and every field is found
 * through the vtable that the table points back to. Fields are named by their index in the schema.
 */
export class FlatTable {
  #bytes
  #at
  #vtable

  /**
   * @param {Buffer} bytes the whole file
   * @param {number} at position of the table
   */
  constructor(bytes, at) {
    this.#bytes = bytes
    this.#at = at
    this.#vtable = at - bytes.readInt32LE(at)
  }

  /** The root table of a file. */
  static root(bytes) {
    return new FlatTable(bytes, bytes.readUInt32LE(0))
  }

  /** Position of a field, or 0 when the writer left it at its default. */
  #field(index) {
    const slot = 4 + index * 2
    if (slot >= this.#bytes.readUInt16LE(this.#vtable)) return 0
    const offset = this.#bytes.readUInt16LE(this.#vtable + slot)
    return offset === 0 ? 0 : this.#at + offset
  }

  #target(index) {
    const field = this.#field(index)
    return field === 0 ? 0 : field + this.#bytes.readUInt32LE(field)
  }

  int8(index, fallback = 0) {
    const field = this.#field(index)
    return field === 0 ? fallback : this.#bytes.readInt8(field)
  }

  int32(index, fallback = 0) {
    const field = this.#field(index)
    return field === 0 ? fallback : this.#bytes.readInt32LE(field)
  }

  /** A table held by this one, or null. */
  table(index) {
    const at = this.#target(index)
    return at === 0 ? null : new FlatTable(this.#bytes, at)
  }

  /** A vector of bytes (strings too); empty when absent. */
  bytes(index) {
    const at = this.#target(index)
    if (at === 0) return Buffer.alloc(0)
    return this.#bytes.subarray(at + 4, at + 4 + this.#bytes.readUInt32LE(at))
  }

  string(index) {
    return this.bytes(index).toString('utf8')
  }

  int32s(index) {
    return this.#elements(index, (at) => this.#bytes.readInt32LE(at))
  }

  tables(index) {
    return this.#elements(index, (at) => new FlatTable(this.#bytes, at + this.#bytes.readUInt32LE(at)))
  }

  /** Vectors of 4-byte elements: integers, or offsets of tables. */
  #elements(index, read) {
    const at = this.#target(index)
    if (at === 0) return []
    return Array.from({ length: this.#bytes.readUInt32LE(at) }, (_, i) => read(at + 4 + i * 4))
  }
}
