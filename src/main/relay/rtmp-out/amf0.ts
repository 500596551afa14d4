/** A value of AMF0 as commands use them: `undefined` stands for AMF's undefined, objects keep their order. */
export type AmfValue = number | boolean | string | null | undefined | AmfValue[] | { [key: string]: AmfValue }

const NUMBER = 0
const BOOLEAN = 1
const STRING = 2
const OBJECT = 3
const NULL = 5
const UNDEFINED = 6
const ECMA_ARRAY = 8
const OBJECT_END = 9
const STRICT_ARRAY = 10
const LONG_STRING = 12

/** A server's answer nests two or three deep; more is an attack on the stack. */
const MAX_DEPTH = 16
const MAX_ENTRIES = 256

/** Bytes that are no AMF0 of the kind commands use. */
export class AmfFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AmfFault'
  }
}

/** Encodes values one behind the other (Adobe, Action Message Format AMF 0, 2007). Strings up to 65,535 bytes. */
export function encodeAmf(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

function encodeValue(value: AmfValue): Buffer {
  if (value === null) return Buffer.of(NULL)
  if (value === undefined) return Buffer.of(UNDEFINED)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (typeof value === 'boolean') return Buffer.of(BOOLEAN, value ? 1 : 0)
  if (typeof value === 'string') return Buffer.concat([Buffer.of(STRING), name(value)])
  if (Array.isArray(value)) {
    const count = Buffer.alloc(5, STRICT_ARRAY)
    count.writeUInt32BE(value.length, 1)
    return Buffer.concat([count, ...value.map(encodeValue)])
  }
  const fields = Object.entries(value).map(([key, field]) => Buffer.concat([name(key), encodeValue(field)]))
  return Buffer.concat([Buffer.of(OBJECT), ...fields, Buffer.of(0, 0, OBJECT_END)])
}

function name(text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length > 0xffff) throw new RangeError(`a text of ${bytes.length} bytes`)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Reads all values of a message. @throws AmfFault */
export function decodeAmf(bytes: Buffer): AmfValue[] {
  const reader = new Reader(bytes)
  const values: AmfValue[] = []
  while (!reader.atEnd) {
    if (values.length === MAX_ENTRIES) throw new AmfFault('too many values')
    values.push(reader.value(0))
  }
  return values
}

class Reader {
  private at = 0

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.at === this.bytes.length
  }

  value(depth: number): AmfValue {
    if (depth > MAX_DEPTH) throw new AmfFault('nested too deep')
    const type = this.take(1)[0]
    switch (type) {
      case NUMBER:
        return this.take(8).readDoubleBE()
      case BOOLEAN:
        return this.take(1)[0] !== 0
      case STRING:
        return this.text(this.take(2).readUInt16BE())
      case LONG_STRING:
        return this.text(this.take(4).readUInt32BE())
      case NULL:
        return null
      case UNDEFINED:
        return undefined
      case OBJECT:
        return this.fields(depth)
      case ECMA_ARRAY:
        this.take(4) // a hint only
        return this.fields(depth)
      case STRICT_ARRAY: {
        const count = this.take(4).readUInt32BE()
        if (count > MAX_ENTRIES) throw new AmfFault('too many entries')
        return Array.from({ length: count }, () => this.value(depth + 1))
      }
      default:
        throw new AmfFault(`a value of type ${type ?? 'none'}`)
    }
  }

  private fields(depth: number): Record<string, AmfValue> {
    const entries: [string, AmfValue][] = []
    for (;;) {
      const key = this.text(this.take(2).readUInt16BE())
      if (key === '' && this.bytes[this.at] === OBJECT_END) {
        this.at++
        return Object.fromEntries(entries)
      }
      if (entries.length === MAX_ENTRIES) throw new AmfFault('too many fields')
      entries.push([key, this.value(depth + 1)])
    }
  }

  private text(length: number): string {
    return this.take(length).toString('utf8')
  }

  private take(length: number): Buffer {
    if (length > this.bytes.length - this.at) throw new AmfFault('cut short')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}
