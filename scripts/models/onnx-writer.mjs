/** Data types of onnx.TensorProto. */
const FLOAT = 1
const UINT8 = 2
const INT64 = 7

/** Collects the parts of an ONNX graph and encodes them (field numbers of onnx/onnx.proto, IR 8, opset 17). */
export class OnnxGraph {
  #nodes = []
  #constants = []
  #inputs = []
  #outputs = []
  #constantNames = new Set()

  /** Adds a node; `attributes` may hold numbers (integers), strings and arrays of integers. */
  node(operator, inputs, outputs, attributes = {}) {
    this.#nodes.push(
      message(
        ...inputs.map((name) => text(1, name)),
        ...outputs.map((name) => text(2, name)),
        text(3, outputs[0]),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ),
    )
  }

  /** Adds a float constant and returns its name. */
  floats(name, shape, values) {
    return this.#constant(name, shape, FLOAT, Buffer.from(new Float32Array(values).buffer))
  }

  /** Adds a one-dimensional integer constant and returns its name. */
  integers(name, values) {
    const raw = Buffer.alloc(values.length * 8)
    values.forEach((value, i) => raw.writeBigInt64LE(BigInt(value), i * 8))
    return this.#constant(name, [values.length], INT64, raw)
  }

  /** Adds a constant of bytes and returns its name. */
  bytes(name, shape, values) {
    return this.#constant(name, shape, UINT8, values)
  }

  #constant(name, shape, type, raw) {
    if (!this.#constantNames.has(name)) {
      this.#constantNames.add(name)
      this.#constants.push(
        message(...shape.map((length) => number(1, length)), number(2, type), text(8, name), bytes(9, raw)),
      )
    }
    return name
  }

  input(name, shape) {
    this.#inputs.push(valueInfo(name, shape))
  }

  output(name, shape) {
    this.#outputs.push(valueInfo(name, shape))
  }

  /** @returns {Buffer} the .onnx file */
  encode(name) {
    const graph = message(
      ...this.#nodes.map((node) => bytes(1, node)),
      text(2, name),
      ...this.#constants.map((constant) => bytes(5, constant)),
      ...this.#inputs.map((info) => bytes(11, info)),
      ...this.#outputs.map((info) => bytes(12, info)),
    )
    return message(number(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), number(2, 17))))
  }
}

function valueInfo(name, shape) {
  const dimensions = shape.map((length) => bytes(1, message(number(1, length))))
  const tensor = message(number(1, FLOAT), bytes(2, message(...dimensions)))
  return message(text(1, name), bytes(2, message(bytes(1, tensor))))
}

function attribute(name, value) {
  if (typeof value === 'string') return message(text(1, name), text(4, value), number(20, 3))
  if (Array.isArray(value)) return message(text(1, name), ...value.map((item) => number(8, item)), number(20, 7))
  return message(text(1, name), number(3, value), number(20, 2))
}

// The three encodings of protobuf that ONNX needs; all our integers are non-negative.
function number(field, value) {
  return Buffer.concat([varint(field * 8), varint(value)])
}

function bytes(field, value) {
  return Buffer.concat([varint(field * 8 + 2), varint(value.length), value])
}

function text(field, value) {
  return bytes(field, Buffer.from(value, 'utf8'))
}

function message(...parts) {
  return Buffer.concat(parts)
}

function varint(value) {
  const encoded = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...encoded, rest])
    encoded.push((rest % 128) | 128)
  }
}
