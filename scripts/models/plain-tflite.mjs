import { parseTflite } from './tflite.mjs'

/**
 * Runs a model of the person mask straight from its TensorFlow Lite file, operator by operator as the schema defines
 * them, in NHWC order and plain loops: the oracle of the conversion. No public build of the TensorFlow Lite runtime
 * knows MediaPipe's transposed convolution, so there is nothing else to compare with.
 *
 * @param {Buffer} tflite the file
 * @param {Float32Array} input in NHWC order
 * @returns {Float32Array} the only output, in NHWC order
 * @throws {Error} on an operator that these models do not have
 */
export function runPlainTflite(tflite, input) {
  const { tensors, inputs, outputs, operators } = parseTflite(tflite)
  const value = tensors.map(({ shape, data }) => ({ shape, data }))
  value[inputs[0]].data = input
  for (const { kind, inputs: from, outputs: to, options } of operators) {
    const target = value[to[0]]
    const run = OPERATORS[kind]
    if (!run) throw new Error(`plain: operator ${kind} is not known`)
    target.data =
      kind === 'DEQUANTIZE' ? value[from[0]].data : new Float32Array(target.shape.reduce((a, b) => a * b, 1))
    run(target, options, ...from.map((index) => value[index]))
    if (options.activation === 'relu') target.data.forEach((x, i) => (target.data[i] = Math.max(x, 0)))
  }
  return value[outputs[0]].data
}

const each = (operation) => (to, _options, from) => from.data.forEach((x, i) => (to.data[i] = operation(x)))

const OPERATORS = {
  DEQUANTIZE: () => undefined,
  RELU: each((x) => Math.max(x, 0)),
  LOGISTIC: each((x) => 1 / (1 + Math.exp(-x))),
  HARD_SWISH: each((x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6),
  ADD: (to, _options, a, b) => to.data.forEach((_, i) => (to.data[i] = a.data[i] + b.data[i])),
  /** The second factor may be one value for each channel. */
  MUL: (to, _options, a, b) => to.data.forEach((_, i) => (to.data[i] = a.data[i] * b.data[i % b.data.length])),
  MEAN: wholeMean,
  AVERAGE_POOL_2D: wholeMean,
  CONV_2D: (to, { same, stride }, from, weights, bias) => {
    const [, height, width, channels] = weights.shape
    window(to, from, [height, width], same, stride, (at, source, tap) => {
      for (let o = 0; o < to.shape[3]; o++) {
        let sum = 0
        const kernel = (o * height * width + tap) * channels
        for (let c = 0; c < channels; c++) sum += from.data[source + c] * weights.data[kernel + c]
        to.data[at + o] += sum
      }
    })
    addBias(to, bias)
  },
  DEPTHWISE_CONV_2D: (to, { same, stride }, from, weights, bias) => {
    const [, height, width, channels] = weights.shape
    window(to, from, [height, width], same, stride, (at, source, tap) => {
      for (let c = 0; c < channels; c++) to.data[at + c] += from.data[source + c] * weights.data[tap * channels + c]
    })
    addBias(to, bias)
  },
  Convolution2DTransposeBias: (to, { stride }, from, weights, bias) => {
    const [outputs, height, width, channels] = weights.shape
    const [, rows, columns] = from.shape
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        for (let j = 0; j < height; j++)
          for (let i = 0; i < width; i++)
            for (let o = 0; o < outputs; o++)
              for (let c = 0; c < channels; c++)
                to.data[((y * stride[0] + j) * to.shape[2] + x * stride[1] + i) * outputs + o] +=
                  from.data[(y * columns + x) * channels + c] *
                  weights.data[((o * height + j) * width + i) * channels + c]
    addBias(to, bias)
  },
  /** With half-pixel centres, the only kind that these models have. */
  RESIZE_BILINEAR: (to, { alignCorners, halfPixel }, from) => {
    if (alignCorners || !halfPixel) throw new Error('plain: RESIZE_BILINEAR without half-pixel centres')
    const [, rows, columns, channels] = to.shape
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const [top, bottom, fy] = neighbours(y, rows, from.shape[1])
        const [left, right, fx] = neighbours(x, columns, from.shape[2])
        const at = (row, column, c) => from.data[(row * from.shape[2] + column) * channels + c]
        for (let c = 0; c < channels; c++)
          to.data[(y * columns + x) * channels + c] =
            (at(top, left, c) * (1 - fx) + at(top, right, c) * fx) * (1 - fy) +
            (at(bottom, left, c) * (1 - fx) + at(bottom, right, c) * fx) * fy
      }
  },
}

function wholeMean(to, _options, from) {
  const channels = to.data.length
  from.data.forEach((x, i) => (to.data[i % channels] += (x * channels) / from.data.length))
}

function addBias(to, bias) {
  to.data.forEach((_, i) => (to.data[i] += bias.data[i % bias.data.length]))
}

/** Calls `tap` with the places of the target and the source pixel and the number of the weight. */
function window(to, from, [height, width], same, stride, tap) {
  const [, rows, columns, outputs] = to.shape
  const [, sourceRows, sourceColumns, channels] = from.shape
  const padding = (length, source, step, size) => (same ? Math.max((length - 1) * step + size - source, 0) >> 1 : 0)
  const [above, before] = [
    padding(rows, sourceRows, stride[0], height),
    padding(columns, sourceColumns, stride[1], width),
  ]
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let j = 0; j < height; j++)
        for (let i = 0; i < width; i++) {
          const [row, column] = [y * stride[0] + j - above, x * stride[1] + i - before]
          if (row < 0 || column < 0 || row >= sourceRows || column >= sourceColumns) continue
          tap((y * columns + x) * outputs, (row * sourceColumns + column) * channels, j * width + i)
        }
}

function neighbours(at, length, source) {
  const place = Math.min(Math.max(((at + 0.5) * source) / length - 0.5, 0), source - 1)
  const first = Math.floor(place)
  return [first, Math.min(first + 1, source - 1), place - first]
}
