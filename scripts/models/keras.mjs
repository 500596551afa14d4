import { OnnxGraph } from './onnx-writer.mjs'

/**
 * Converts a Keras layers model as TensorFlow.js keeps it (topology and quantized weights) to ONNX (opset 17). Pictures are
 * NCHW in the result ([Note: Tensor layout] in convert.mjs). Weights stay bytes, w = scale * byte + min; the runtime widens
 * them when it opens the file. Normalisation becomes one factor and one summand for each channel.
 *
 * @param {{ modelTopology: any, weightsManifest: { weights: any[] }[] }} model
 * @param {Buffer} bundle all weights, in the order of the manifest
 * @param {string} name name of the graph
 * @returns {Buffer} the .onnx file
 * @throws {Error} on anything that the converter does not know; nothing is ever skipped
 */
export function convertKeras(model, bundle, name) {
  return new Conversion(model, bundle).encode(name)
}

class Conversion {
  #graph = new OnnxGraph()
  #weights
  /** Layer -> name of its result. */
  #results = new Map()
  /** Name of a result -> zeros that the next convolution puts around it: top, left, bottom, right. */
  #pads = new Map()

  constructor({ modelTopology, weightsManifest }, bundle) {
    this.#weights = readWeights(weightsManifest, bundle)
    const { layers, output_layers: outputs } = modelTopology.model_config.config
    for (const { name, class_name: kind, config, inbound_nodes: inbound } of layers) {
      const inputs = (inbound[0] ?? []).map(([from]) => this.#results.get(from))
      this.#results.set(name, this.#convert(kind, name, config, inputs))
    }
    const [[last]] = outputs
    const { units } = layers.find((layer) => layer.name === last).config
    this.#graph.output(this.#results.get(last), [1, units])
  }

  encode(name) {
    return this.#graph.encode(name)
  }

  #convert(kind, name, config, inputs) {
    switch (kind) {
      case 'InputLayer': {
        const [, height, width, channels] = config.batch_input_shape
        this.#graph.input(name, [1, channels, height, width])
        return name
      }
      case 'ZeroPadding2D': {
        const [[top, bottom], [left, right]] = config.padding
        this.#pads.set(name, { input: inputs[0], pads: [top, left, bottom, right] })
        return name
      }
      case 'Conv2D':
        return this.#convolution(name, config, inputs[0], false)
      case 'DepthwiseConv2D':
        return this.#convolution(name, config, inputs[0], true)
      case 'BatchNormalization':
        return this.#normalisation(name, config, inputs[0])
      case 'ReLU':
        if (config.max_value !== 6 || config.negative_slope || config.threshold) throw new Error(`${name}: no ReLU6`)
        return this.#node('Clip', name, [
          inputs[0],
          this.#graph.floats('zero', [], [0]),
          this.#graph.floats('six', [], [6]),
        ])
      case 'Add':
        return this.#node('Add', name, inputs)
      case 'AveragePooling2D':
        if (config.padding !== 'valid') throw new Error(`${name}: padding ${config.padding}`)
        return this.#node('AveragePool', name, inputs, { kernel_shape: config.pool_size, strides: config.strides })
      case 'Flatten': // one pixel is left, so the order of the layout does not matter
        return this.#node('Flatten', name, inputs, { axis: 1 })
      case 'Dropout':
        return inputs[0]
      case 'Dense':
        return this.#dense(name, config, inputs[0])
      default:
        throw new Error(`${name}: unknown layer ${kind}`)
    }
  }

  #convolution(name, config, input, depthwise) {
    const { strides, padding, kernel_size: size, activation, use_bias: bias, dilation_rate: dilation } = config
    if (activation !== 'linear' || bias || dilation.some((rate) => rate !== 1)) throw new Error(`${name}: unknown kind`)
    const weight = this.#weight(name, depthwise ? 'depthwise_kernel' : 'kernel')
    const [height, width, inChannels, outChannels] = weight.shape
    // HWIO -> OIHW; of a depthwise kernel the channel stands third and there is one for each
    const shape = depthwise ? [inChannels, 1, height, width] : [outChannels, inChannels, height, width]
    const order = depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]
    const padded = this.#pads.get(input)
    if (padding === 'same' && strides.some((stride) => stride !== 1)) throw new Error(`${name}: strided "same"`)
    const pads = padding === 'same' ? [...size, ...size].map((length) => (length - 1) / 2) : [0, 0, 0, 0]
    return this.#node('Conv', name, [padded?.input ?? input, this.#constant(name, weight, shape, order)], {
      ...{ kernel_shape: size, strides, pads: padded?.pads ?? pads, group: depthwise ? inChannels : 1 },
    })
  }

  #normalisation(name, { epsilon }, input) {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) =>
      valuesOf(this.#weight(name, part)),
    )
    const factor = gamma.map((value, i) => value / Math.sqrt(variance[i] + epsilon))
    const summand = beta.map((value, i) => value - mean[i] * factor[i])
    const shape = [1, factor.length, 1, 1]
    const scaled = this.#node('Mul', `${name}_factor`, [input, this.#graph.floats(`${name}/factor`, shape, factor)])
    return this.#node('Add', name, [scaled, this.#graph.floats(`${name}/summand`, shape, summand)])
  }

  #dense(name, { activation, use_bias: hasBias }, input) {
    const kernel = this.#weight(name, 'kernel')
    const inputs = [input, this.#constant(name, kernel, kernel.shape, [0, 1])]
    if (hasBias) {
      const bias = this.#weight(name, 'bias')
      inputs.push(this.#graph.floats(`${name}/bias`, bias.shape, valuesOf(bias)))
    }
    const sum = this.#node('Gemm', `${name}_sum`, inputs)
    if (activation === 'relu') return this.#node('Relu', name, [sum])
    if (activation === 'softmax') return this.#node('Softmax', name, [sum], { axis: 1 })
    throw new Error(`${name}: unknown activation ${activation}`)
  }

  /** A weight as bytes in the order of ONNX, and what widens it. */
  #constant(layer, { shape, bytes, quantization }, toShape, order) {
    const name = `${layer}/kernel`
    const packed = this.#graph.bytes(`${name}/bytes`, toShape, transposed(bytes, shape, order))
    const wide = this.#node('Cast', `${name}/wide`, [packed], { to: 1 })
    const scale = this.#graph.floats(`${name}/scale`, [], [quantization.scale])
    const scaled = this.#node('Mul', `${name}/scaled`, [wide, scale])
    return this.#node('Add', name, [scaled, this.#graph.floats(`${name}/min`, [], [quantization.min])])
  }

  #weight(layer, part) {
    const weight = this.#weights.get(`${layer}/${part}`)
    if (weight === undefined) throw new Error(`${layer}: no ${part}`)
    return weight
  }

  #node(operator, name, inputs, attributes) {
    this.#graph.node(operator, inputs, [name], attributes)
    return name
  }
}

function readWeights(manifest, bundle) {
  let at = 0
  const weights = new Map()
  for (const { name, shape, quantization } of manifest.flatMap((group) => group.weights)) {
    if (quantization?.dtype !== 'uint8') throw new Error(`${name}: not kept as bytes`)
    const length = shape.reduce((product, side) => product * side, 1)
    weights.set(name, { shape, quantization, bytes: bundle.subarray(at, at + length) })
    at += length
  }
  if (at !== bundle.length) throw new Error(`The weights have ${bundle.length} bytes instead of ${at}`)
  return weights
}

function valuesOf({ bytes, quantization: { scale, min } }) {
  return Array.from(bytes, (byte) => byte * scale + min)
}

/** Bytes of a tensor with its axes in another order. */
function transposed(bytes, shape, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1))
  const sides = order.map((axis) => shape[axis])
  const steps = order.map((axis) => strides[axis])
  const result = Buffer.alloc(bytes.length)
  const place = sides.map(() => 0)
  for (let at = 0, from = 0; at < result.length; at++) {
    result[at] = bytes[from]
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      from += steps[axis]
      if (++place[axis] < sides[axis]) break
      from -= steps[axis] * sides[axis]
      place[axis] = 0
    }
  }
  return result
}
