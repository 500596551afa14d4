import { OnnxGraph } from './onnx-writer.mjs'
import { parseTflite } from './tflite.mjs'

/*
 * [Note: Tensor layout]
 * TensorFlow Lite keeps pictures as NHWC, ONNX wants NCHW. All four-dimensional tensors are NCHW in the result, the
 * input too, because the crop can fill planes directly. Tensors of fewer dimensions keep their order, so a Transpose is
 * needed only where a picture with more than one pixel is reshaped.
 */
const TO_NCHW = [0, 3, 1, 2]
const TO_NHWC = [0, 2, 3, 1]
/** Channels in a block of onnxruntime's layout, at most: 8 or 16 by the processor. */
const BLOCK = 16

/**
 * Converts a TensorFlow Lite model to ONNX (opset 17). Inputs and outputs keep their names.
 *
 * @param {Buffer} tflite the .tflite file
 * @param {string} name name of the graph
 * @returns {Buffer} the .onnx file
 * @throws {Error} on anything that the converter does not know; nothing is ever skipped
 */
export function convertModel(tflite, name) {
  return new Conversion(parseTflite(tflite)).encode(name)
}

class Conversion {
  #model
  #graph = new OnnxGraph()

  constructor(model) {
    this.#model = model
    for (const operator of model.operators) this.#convert(operator)
    for (const index of model.inputs) this.#graph.input(this.#name(index), this.#shape(index))
    for (const index of model.outputs) this.#graph.output(this.#name(index), this.#shape(index))
  }

  encode(name) {
    return this.#graph.encode(name)
  }

  #convert({ kind, inputs, outputs, options }) {
    const [output] = outputs
    switch (kind) {
      case 'CONV_2D':
        return this.#convolution(inputs, output, options, false)
      case 'DEPTHWISE_CONV_2D':
        return this.#convolution(inputs, output, options, true)
      case 'MAX_POOL_2D':
        return this.#pool(inputs[0], output, options)
      case 'AVERAGE_POOL_2D':
        return this.#averagePool(inputs[0], output, options)
      case 'MEAN':
        return this.#mean(inputs, output, options)
      case 'ADD':
        return this.#add(inputs, output, options)
      case 'MUL':
        return this.#multiply(inputs, output, options)
      case 'RELU':
        return this.#graph.node('Relu', [this.#name(inputs[0])], [this.#name(output)])
      case 'LOGISTIC':
        return this.#graph.node('Sigmoid', [this.#name(inputs[0])], [this.#name(output)])
      case 'HARD_SWISH':
        return this.#graph.node('HardSwish', [this.#name(inputs[0])], [this.#name(output)])
      case 'Convolution2DTransposeBias':
        return this.#transposedConvolution(inputs, output, options)
      case 'PRELU':
        return this.#prelu(inputs, output)
      case 'PAD':
        return this.#pad(inputs, output)
      case 'RESHAPE':
        return this.#reshape(inputs[0], output)
      case 'CONCATENATION':
        return this.#concatenation(inputs, output, options)
      case 'RESIZE_BILINEAR':
        return this.#resize(inputs[0], output, options)
      case 'DEQUANTIZE':
        return this.#dequantize(inputs[0], output)
      default:
        throw new Error(`convert: operator ${kind} is not supported`)
    }
  }

  #tensor(index) {
    return this.#model.tensors[index]
  }

  /** Outer names stay; inner ones become short, because the names of the training graph fill a tenth of the file. */
  #name(index) {
    const { inputs, outputs } = this.#model
    return inputs.includes(index) || outputs.includes(index) ? this.#tensor(index).name : `t${index}`
  }

  /** Shape in the layout of the result, see [Note: Tensor layout]. */
  #shape(index) {
    const { shape } = this.#tensor(index)
    return shape.length === 4 ? TO_NCHW.map((axis) => shape[axis]) : shape
  }

  #constant(index) {
    const { data, name } = this.#tensor(index)
    if (!data) throw new Error(`convert: ${name} must be a constant`)
    return data
  }

  /** f16 weights were widened while reading; the result takes over the constant under its own index. */
  #dequantize(input, output) {
    this.#tensor(output).data = this.#constant(input)
  }

  /** Adds a node whose result goes through the fused activation, if there is one. */
  #activated(operator, inputs, output, attributes, activation) {
    const name = this.#name(output)
    if (activation === 'none') return this.#graph.node(operator, inputs, [name], attributes)
    const before = `${name}/linear`
    this.#graph.node(operator, inputs, [before], attributes)
    if (activation === 'relu') return this.#graph.node('Relu', [before], [name])
    const limits = [this.#graph.floats('zero', [], [0]), this.#graph.floats('six', [], [6])]
    this.#graph.node('Clip', [before, ...limits], [name])
  }

  #convolution([input, weights, bias], output, { same, stride, dilation, activation }, depthwise) {
    const [first, height, width, last] = this.#tensor(weights).shape
    // Weights are O,H,W,I in a convolution and 1,H,W,C in a depthwise one; ONNX wants O,I,H,W and C,1,H,W.
    const order = depthwise ? [3, 0, 1, 2] : [0, 3, 1, 2]
    const kernel = transpose(this.#constant(weights), [first, height, width, last], order)
    const channels = this.#shape(input)[1]
    if (depthwise && channels !== last) throw new Error('convert: depthwise multipliers are not supported')
    const outputs = depthwise ? last : first
    const names = [
      this.#name(input),
      this.#graph.floats(`t${weights}`, depthwise ? [last, 1, height, width] : [first, last, height, width], kernel),
    ]
    if (bias !== undefined && bias >= 0) names.push(this.#graph.floats(`t${bias}`, [outputs], this.#constant(bias)))
    const attributes = {
      kernel_shape: [height, width],
      strides: stride,
      dilations: dilation,
      pads: same ? this.#samePads(input, [height, width], stride, dilation) : [0, 0, 0, 0],
      group: depthwise ? channels : 1,
    }
    this.#activated('Conv', names, output, attributes, activation)
  }

  #pool(input, output, { same, stride, kernel, activation }) {
    const pads = same ? this.#samePads(input, kernel, stride, [1, 1]) : [0, 0, 0, 0]
    const attributes = { kernel_shape: kernel, strides: stride, pads }
    this.#activated('MaxPool', [this.#name(input)], output, attributes, activation)
  }

  /** Of the whole picture only, which is all that our models ask for. */
  #averagePool(input, output, { kernel, activation }) {
    const size = this.#shape(input).slice(2)
    if (kernel.join() !== size.join()) throw new Error('convert: AVERAGE_POOL_2D of less than the whole picture')
    this.#activated('GlobalAveragePool', [this.#name(input)], output, {}, activation)
  }

  #mean([input, axes], output, { keepDimensions }) {
    const picture = this.#shape(input).length === 4 && [...this.#constant(axes)].sort().join() === '1,2'
    if (!picture || !keepDimensions) throw new Error('convert: MEAN of other than a whole picture')
    this.#graph.node('GlobalAveragePool', [this.#name(input)], [this.#name(output)])
  }

  /** MediaPipe's transposed convolution with a bias (mediapipe/util/tflite/operations/transpose_conv_bias.cc). */
  #transposedConvolution([input, weights, bias], output, { stride }) {
    const [outputs, height, width, inputs] = this.#tensor(weights).shape
    const kernel = transpose(this.#constant(weights), [outputs, height, width, inputs], [3, 0, 1, 2])
    const [from, to] = [this.#shape(input).slice(2), this.#shape(output).slice(2)]
    const total = [height, width].map((side, i) => (from[i] - 1) * stride[i] + side - to[i])
    if (total.some((pad) => pad < 0)) throw new Error('convert: Convolution2DTransposeBias into too large a picture')
    const before = total.map((pad) => Math.floor(pad / 2))
    const names = [
      this.#name(input),
      this.#graph.floats(`t${weights}`, [inputs, outputs, height, width], kernel),
      this.#graph.floats(`t${bias}`, [outputs], this.#constant(bias)),
    ]
    const pads = [...before, ...total.map((pad, i) => pad - before[i])]
    const attributes = { kernel_shape: [height, width], strides: stride, pads }
    this.#graph.node('ConvTranspose', names, [this.#name(output)], attributes)
  }

  /** TensorFlow's SAME padding: the odd pixel goes after the picture, which ONNX can only say by explicit pads. */
  #samePads(input, kernel, stride, dilation) {
    const size = this.#shape(input).slice(2)
    const total = size.map((length, i) =>
      Math.max((Math.ceil(length / stride[i]) - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 - length, 0),
    )
    const before = total.map((pad) => Math.floor(pad / 2))
    return [...before, ...total.map((pad, i) => pad - before[i])]
  }

  #add(inputs, output, { activation }) {
    const constant = inputs.find((index) => this.#tensor(index).data)
    if (constant !== undefined) throw new Error(`convert: ADD of a constant (${this.#tensor(constant).name})`)
    if (new Set(inputs.map((index) => this.#shape(index).join())).size !== 1) {
      throw new Error(`convert: ADD of different shapes into ${this.#tensor(output).name}`)
    }
    this.#activated(
      'Add',
      inputs.map((index) => this.#name(index)),
      output,
      {},
      activation,
    )
  }

  /** One factor may be a value for each channel. */
  #multiply(inputs, output, { activation }) {
    const shapes = inputs.map((index) => this.#shape(index))
    const fits = shapes.every((shape) => shape.length === 4 && shape[1] === shapes[0][1])
    const whole = shapes.some((shape) => shape.join() === this.#shape(output).join())
    if (!fits || !whole || inputs.some((index) => this.#tensor(index).data)) {
      throw new Error(`convert: MUL of these shapes into ${this.#tensor(output).name}`)
    }
    this.#activated(
      'Mul',
      inputs.map((index) => this.#name(index)),
      output,
      {},
      activation,
    )
  }

  /**
   * PReLU as slope * x + ReLU((1 - slope) * x), the products being depthwise 1x1 convolutions of which one takes the
   * ReLU in and the other the sum; where a slope is above 1 as slope * x + (1 - slope) * ReLU(x). ONNX has a PRelu, but
   * onnxruntime 1.30 has no kernel of it for its blocked layout and reorders the tensor before and after each one: in
   * the second form the mesh is 1.8 times as fast, in the first twice (2.04, 1.14, 1.03 ms), and differs by 1e-5.
   */
  #prelu([input, slope], output) {
    const channels = this.#shape(input)[1]
    const slopes = this.#constant(slope)
    if (slopes.length !== channels) throw new Error('convert: PRELU needs one slope for each channel')
    const [source, name] = [this.#name(input), this.#name(output)]
    const scaled = (tensor, result, factors) => {
      const weights = this.#graph.floats(`${result}/factors`, [channels, 1, 1, 1], factors)
      this.#graph.node('Conv', [tensor, weights], [result], { kernel_shape: [1, 1], group: channels })
      return result
    }
    const rest = Array.from(slopes, (value) => 1 - value)
    const bend = `${name}/bend`
    if (rest.every((value) => value >= 0)) {
      this.#graph.node('Relu', [scaled(source, `${name}/rest`, rest)], [bend])
    } else {
      this.#graph.node('Relu', [source], [`${name}/relu`])
      scaled(`${name}/relu`, bend, rest)
    }
    this.#graph.node('Add', [scaled(source, `${name}/line`, slopes), bend], [name])
  }

  /**
   * TFLite holds a pair (before, after) for each NHWC axis; ONNX all befores, then all afters. As many empty
   * channels as there are, behind them, are made by a 1x1 convolution with ones and zeros, which is exact, where they
   * fill the blocks of onnxruntime: Pad has no kernel for its blocked layout, see `#prelu`, and the convolution takes
   * in the sum that follows. Where fewer are added (full range detector) this is no faster.
   */
  #pad([input, amounts], output) {
    const values = [...this.#constant(amounts)]
    if (values.length !== 8) throw new Error('convert: PAD of other than four dimensions')
    const [from, to] = [this.#shape(input)[1], this.#shape(output)[1]]
    if (values.slice(0, 7).every((value) => value === 0) && to === 2 * from && from % BLOCK === 0) {
      const ones = Float32Array.from({ length: from * to }, (_, i) => (i % from === Math.floor(i / from) ? 1 : 0))
      const weights = this.#graph.floats(`${this.#name(output)}/ones`, [to, from, 1, 1], ones)
      this.#graph.node('Conv', [this.#name(input), weights], [this.#name(output)], { kernel_shape: [1, 1] })
      return
    }
    const pads = [0, 1].flatMap((side) => TO_NCHW.map((axis) => values[axis * 2 + side]))
    const names = [this.#name(input), this.#graph.integers(`${this.#name(output)}/pads`, pads)]
    this.#graph.node('Pad', names, [this.#name(output)])
  }

  #reshape(input, output) {
    const [name, from, to] = [this.#name(output), this.#tensor(input).shape, this.#tensor(output).shape]
    let source = this.#name(input)
    if (isPicture(from)) {
      this.#graph.node('Transpose', [source], [`${name}/nhwc`], { perm: TO_NHWC })
      source = `${name}/nhwc`
    }
    const shape = isPicture(to) ? to : this.#shape(output)
    const target = isPicture(to) ? `${name}/reshaped` : name
    this.#graph.node('Reshape', [source, this.#graph.integers(`${name}/shape`, shape)], [target])
    if (isPicture(to)) this.#graph.node('Transpose', [target], [name], { perm: TO_NCHW })
  }

  #concatenation(inputs, output, { axis, activation }) {
    const rank = this.#tensor(output).shape.length
    const positive = axis < 0 ? axis + rank : axis
    const mapped = rank === 4 ? TO_NCHW.indexOf(positive) : positive
    const names = inputs.map((index) => this.#name(index))
    this.#activated('Concat', names, output, { axis: mapped }, activation)
  }

  #resize(input, output, { alignCorners, halfPixel }) {
    const mode = alignCorners ? 'align_corners' : halfPixel ? 'half_pixel' : 'asymmetric'
    const sizes = this.#graph.integers(`${this.#name(output)}/sizes`, this.#shape(output))
    const attributes = { mode: 'linear', coordinate_transformation_mode: mode }
    this.#graph.node('Resize', [this.#name(input), '', '', sizes], [this.#name(output)], attributes)
  }
}

/** Four dimensions and more than one pixel: only then do NHWC and NCHW order the values differently. */
function isPicture(shape) {
  return shape.length === 4 && shape[1] * shape[2] > 1
}

/** Reorders the axes of a four-dimensional array. */
function transpose(values, shape, order) {
  const strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1]
  const [a, b, c, d] = order.map((axis) => shape[axis])
  const [sa, sb, sc, sd] = order.map((axis) => strides[axis])
  const result = new Float32Array(values.length)
  let at = 0
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++) for (let l = 0; l < d; l++) result[at++] = values[i * sa + j * sb + k * sc + l * sd]
  return result
}
