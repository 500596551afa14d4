/** What commands of RTMP are made of: AMF 0 (Adobe, "Action Message Format -- AMF 0", 2007). */
export type AmfValue = number | boolean | string | null | undefined | AmfObject | AmfValue[]
export interface AmfObject {
  [key: string]: AmfValue
}

/** Thrown for what is no AMF 0, or is larger than any honest command. */
export class BadAmf extends Error {
  override readonly name = 'BadAmf'
}

/** Far above what OBS or ffmpeg send; together they bound time and memory of one message. */
const MAX_DEPTH = 8
const MAX_VALUES = 512
const MAX_STRING = 16_384

/**
 * The values of one message, one behind the other.
 * @throws BadAmf
 */
export function decodeAmf0(bytes: Uint8Array): AmfValue[] {
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const values: AmfValue[] = []
  while (!reader.atEnd) values.push(reader.value(0))
  return values
}

/** The bytes of values one behind the other; for our own answers, so nothing is checked. */
export function encodeAmf0(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

class Reader {
  private at = 0
  private values = 0

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.at >= this.bytes.length
  }

  value(depth: number): AmfValue {
    if (depth > MAX_DEPTH) throw new BadAmf('nested too deeply')
    if (++this.values > MAX_VALUES) throw new BadAmf('too many values')
    const marker = this.bytes[this.need(1)]!
    switch (marker) {
      case 0x00:
        return this.bytes.readDoubleBE(this.need(8))
      case 0x01:
        return this.bytes[this.need(1)] !== 0
      case 0x02:
        return this.string(this.bytes.readUInt16BE(this.need(2)))
      case 0x03:
        return this.object(depth)
      case 0x05:
        return null
      case 0x06:
        return undefined
      case 0x08:
        this.need(4) // the stated number of entries says nothing: an end marker follows
        return this.object(depth)
      case 0x0a:
        return this.array(depth)
      case 0x0b:
        return this.bytes.readDoubleBE(this.need(10)) // a date; its time zone is reserved
      case 0x0c:
      case 0x0f:
        return this.string(this.bytes.readUInt32BE(this.need(4)))
      default:
        throw new BadAmf(`unknown type ${marker}`)
    }
  }

  private object(depth: number): AmfObject {
    // No prototype: a key named __proto__ is a key like any other.
    const object = Object.create(null) as AmfObject
    for (;;) {
      const key = this.string(this.bytes.readUInt16BE(this.need(2)))
      if (key === '' && this.bytes[this.at] === 0x09) {
        this.at++
        return object
      }
      object[key] = this.value(depth + 1)
    }
  }

  private array(depth: number): AmfValue[] {
    const count = this.bytes.readUInt32BE(this.need(4))
    if (count > MAX_VALUES) throw new BadAmf('too many values')
    return Array.from({ length: count }, () => this.value(depth + 1))
  }

  private string(length: number): string {
    if (length > MAX_STRING) throw new BadAmf('a string is too long')
    const start = this.need(length)
    return this.bytes.toString('utf8', start, start + length)
  }

  /** Moves on by `count` bytes, which must be there; returns where they begin. */
  private need(count: number): number {
    const start = this.at
    if (start + count > this.bytes.length) throw new BadAmf('cut off')
    this.at += count
    return start
  }
}

function encodeValue(value: AmfValue): Buffer {
  if (value === null) return Buffer.of(0x05)
  if (value === undefined) return Buffer.of(0x06)
  if (typeof value === 'boolean') return Buffer.of(0x01, value ? 1 : 0)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.of(0x02), key(value)])
  if (Array.isArray(value)) {
    const head = Buffer.of(0x0a, 0, 0, 0, 0)
    head.writeUInt32BE(value.length, 1)
    return Buffer.concat([head, ...value.map(encodeValue)])
  }
  const entries = Object.entries(value).flatMap(([name, entry]) => [key(name), encodeValue(entry)])
  return Buffer.concat([Buffer.of(0x03), ...entries, Buffer.of(0, 0, 0x09)])
}

function key(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8').subarray(0, 0xffff)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
