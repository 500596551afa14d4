import { FlatTable } from './flatbuffer.mjs'

/** Builtin operator codes of tensorflow/lite/schema/schema.fbs that our models use. */
const OPERATORS = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
  40: 'MEAN',
  54: 'PRELU',
  117: 'HARD_SWISH',
}
/** Operators that MediaPipe adds to TensorFlow Lite. */
const CUSTOM_CODE = 32
const CUSTOM_OPERATORS = ['Convolution2DTransposeBias']

const TENSOR_TYPES = { 0: 'f32', 1: 'f16', 2: 'i32' }
const ACTIVATIONS = { 0: 'none', 1: 'relu', 3: 'relu6' }

/**
 * @typedef {object} TfTensor
 * @property {string} name
 * @property {number[]} shape NHWC where it has four dimensions
 * @property {'f32' | 'f16' | 'i32'} type
 * @property {Float32Array | Int32Array | null} data values of a constant (f16 already widened), null for a result
 */

/**
 * Parses a TensorFlow Lite model with one subgraph (schema version 3).
 *
 * @param {Buffer} bytes the .tflite file
 * @returns {{tensors: TfTensor[], inputs: number[], outputs: number[], operators: TfOperator[]}}
 * @throws {Error} on an operator, tensor type or activation that is not in the tables above
 */
export function parseTflite(bytes) {
  const model = FlatTable.root(bytes)
  const codes = model.tables(1).map(operatorName)
  const subgraphs = model.tables(2)
  if (subgraphs.length !== 1) throw new Error(`tflite: ${subgraphs.length} subgraphs instead of one`)
  const [graph] = subgraphs
  const buffers = model.tables(4)
  return {
    tensors: graph.tables(0).map((table) => readTensor(table, buffers)),
    inputs: graph.int32s(1),
    outputs: graph.int32s(2),
    operators: graph.tables(3).map((table) => readOperator(table, codes)),
  }
}

/** Newer files hold the code as int32 in field 3, older ones as int8 in field 0: the larger counts. */
function operatorName(table) {
  const code = Math.max(table.int8(0), table.int32(3))
  const custom = code === CUSTOM_CODE && CUSTOM_OPERATORS.find((known) => known === table.string(1))
  const name = custom || OPERATORS[code]
  if (!name) throw new Error(`tflite: operator ${code} ${table.string(1)} is not supported`)
  return name
}

function readTensor(table, buffers) {
  const name = table.string(3)
  const type = TENSOR_TYPES[table.int8(1)]
  if (!type) throw new Error(`tflite: tensor ${name} has the unsupported type ${table.int8(1)}`)
  if (table.table(6)) throw new Error(`tflite: tensor ${name} is sparse, which is not supported`)
  const raw = buffers[table.int32(2)].bytes(0)
  return { name, shape: table.int32s(0), type, data: raw.length === 0 ? null : readValues(raw, type) }
}

function readValues(raw, type) {
  if (type === 'i32') return Int32Array.from({ length: raw.length / 4 }, (_, i) => raw.readInt32LE(i * 4))
  if (type === 'f32') return Float32Array.from({ length: raw.length / 4 }, (_, i) => raw.readFloatLE(i * 4))
  return Float32Array.from({ length: raw.length / 2 }, (_, i) => halfToNumber(raw.readUInt16LE(i * 2)))
}

/** IEEE 754 binary16 to a number; exact. */
export function halfToNumber(half) {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/**
 * @typedef {object} TfOperator
 * @property {string} kind a value of OPERATORS
 * @property {number[]} inputs tensor indices
 * @property {number[]} outputs tensor indices
 * @property {object} options named options of that kind
 */
function readOperator(table, codes) {
  const kind = codes[table.int32(0)]
  const builtin = table.table(4)
  const options = CUSTOM_OPERATORS.includes(kind)
    ? readTransposeOptions(table.bytes(5))
    : builtin
      ? readOptions(kind, builtin)
      : {}
  return { kind, inputs: table.int32s(1), outputs: table.int32s(2), options }
}

function readOptions(kind, table) {
  switch (kind) {
    case 'CONV_2D':
      return { ...window(table), activation: activation(table, 3), dilation: [table.int32(5, 1), table.int32(4, 1)] }
    case 'DEPTHWISE_CONV_2D':
      return { ...window(table), activation: activation(table, 4), dilation: [table.int32(6, 1), table.int32(5, 1)] }
    case 'MAX_POOL_2D':
    case 'AVERAGE_POOL_2D':
      return { ...window(table), kernel: [table.int32(4), table.int32(3)], activation: activation(table, 5) }
    case 'ADD':
    case 'MUL':
      return { activation: activation(table, 0) }
    case 'CONCATENATION':
      return { axis: table.int32(0), activation: activation(table, 1) }
    case 'MEAN':
      return { keepDimensions: table.int8(0) !== 0 }
    case 'RESIZE_BILINEAR':
      return { alignCorners: table.int8(2) !== 0, halfPixel: table.int8(3) !== 0 }
    default:
      return {}
  }
}

/** The C struct TfLiteTransposeConvParams: padding, stride width, stride height, each an int32. */
function readTransposeOptions(bytes) {
  return { stride: [bytes.readInt32LE(8), bytes.readInt32LE(4)] }
}

/** Padding and [vertical, horizontal] stride, which the windowed operators have in common. */
function window(table) {
  return { same: table.int8(0) === 0, stride: [table.int32(2), table.int32(1)] }
}

function activation(table, field) {
  const name = ACTIVATIONS[table.int8(field)]
  if (!name) throw new Error(`tflite: fused activation ${table.int8(field)} is not supported`)
  return name
}
