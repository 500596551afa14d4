/**
 * Walks the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/).
 *
 * @param {Buffer} bytes the message, without its own length prefix
 * @yields {{field: number, wire: number, value: number | Buffer}}
 * @throws {Error} on a group, a 64-bit field or a message that ends in the middle of a field
 */
export function* protobufFields(bytes) {
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 49; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('protobuf: the message ends inside a number')
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new Error('protobuf: number of more than 49 bits')
  }
  while (at < bytes.length) {
    const tag = varint()
    const [field, wire] = [Math.floor(tag / 8), tag & 7]
    if (wire === 0) {
      yield { field, wire, value: varint() }
    } else if (wire === 2) {
      const length = varint()
      if (at + length > bytes.length) throw new Error(`protobuf: field ${field} is longer than its message`)
      yield { field, wire, value: bytes.subarray(at, at + length) }
      at += length
    } else if (wire === 5) {
      yield { field, wire, value: bytes.readFloatLE(at) }
      at += 4
    } else {
      throw new Error(`protobuf: wire type ${wire} of field ${field} is not supported`)
    }
  }
}

/** Reads a `repeated float` field, packed or not, into a plain array. */
export function repeatedFloats(bytes, wanted) {
  const values = []
  for (const { field, wire, value } of protobufFields(bytes)) {
    if (field !== wanted) continue
    if (wire === 5) values.push(value)
    else for (let at = 0; at < value.length; at += 4) values.push(value.readFloatLE(at))
  }
  return values
}

/** Reads a `repeated uint32` field, packed or not, into a plain array. */
export function repeatedUints(bytes, wanted) {
  const values = []
  for (const { field, wire, value } of protobufFields(bytes)) {
    if (field !== wanted) continue
    if (wire === 0) values.push(value)
    else values.push(...packedVarints(value))
  }
  return values
}

function packedVarints(bytes) {
  const values = []
  let value = 0
  let scale = 1
  for (const byte of bytes) {
    value += (byte & 127) * scale
    scale *= 128
    if (byte >= 128) continue
    values.push(value)
    value = 0
    scale = 1
  }
  return values
}
