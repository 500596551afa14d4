import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { convertModel } from './convert.mjs'
import { runPlainTflite } from './plain-tflite.mjs'
import { SOURCES } from './sources.mjs'

/**
 * What the TensorFlow Lite runtime (XNNPACK, in Chromium) gives for the pattern below: length and mean of an output,
 * then index -> value. Measured once with @tensorflow/tfjs-tflite 0.0.1-alpha.10.
 */
const REFERENCE = {
  faceMesh: {
    size: 192,
    low: 0,
    outputs: [
      {
        length: 1404,
        mean: 64.2485,
        at: { 0: 96.74, 1: 115.1995, 2: -17.2178, 702: 30.8833, 1403: 12.8546 },
        top: 457,
        max: 161.3369,
      },
      { length: 1, mean: -9.0846, at: { 0: -9.0846 }, top: 0, max: -9.0846 },
    ],
  },
  shortRange: {
    size: 128,
    low: -1,
    outputs: [
      {
        length: 14336,
        mean: 4.967,
        at: { 0: 0.8117, 1: -0.7743, 2: 27.2907, 7168: -0.1315, 14335: -22.6825 },
        top: 14322,
        max: 125.3445,
      },
      {
        length: 896,
        mean: -3.0535,
        at: { 0: -4.8502, 1: -4.1171, 2: -4.9544, 448: -4.9832, 895: -12.1905 },
        top: 573,
        max: -0.5536,
      },
    ],
  },
  fullRange: {
    size: 192,
    low: -1,
    outputs: [
      {
        length: 36864,
        mean: 5.4123,
        at: { 0: -3.6005, 1: -2.5581, 2: 14.3251, 18432: 0.0557, 36863: -4.0009 },
        top: 26450,
        max: 105.8147,
      },
      {
        length: 2304,
        mean: -6.6229,
        at: { 0: -8.7911, 1: -8.1041, 2: -8.5283, 1152: -6.723, 2303: -9.9977 },
        top: 292,
        max: -3.8901,
      },
    ],
  },
}

/** The reference pattern, defined in NHWC order from `low` to 1, laid out in planes. */
function pattern(size, low) {
  const planes = new Float32Array(3 * size * size)
  for (let i = 0; i < planes.length; i++) {
    const value = low + ((1 - low) * ((i * 7919) % 1009)) / 1008
    planes[(i % 3) * size * size + Math.floor(i / 3)] = value
  }
  return planes
}

describe.each(Object.entries(REFERENCE))('converted %s', (source, { size, low, outputs }) => {
  it('gives the values of the TensorFlow Lite runtime', async () => {
    const session = await ort.InferenceSession.create(convertModel(SOURCES[source](), source), { intraOpNumThreads: 1 })
    const input = new ort.Tensor('float32', pattern(size, low), [1, 3, size, size])
    const results = Object.values(await session.run({ [session.inputNames[0]]: input })).map((tensor) => tensor.data)
    expect(results.map((data) => data.length).sort()).toEqual(outputs.map((output) => output.length).sort())
    for (const { length, mean, at, top, max } of outputs) {
      const data = results.find((candidate) => candidate.length === length)
      expect(Math.abs(data.reduce((sum, value) => sum + value, 0) / length - mean)).toBeLessThan(1e-3)
      for (const [index, value] of Object.entries(at)) expect(Math.abs(data[index] - value)).toBeLessThan(1e-3)
      expect(data.indexOf(Math.max(...data))).toBe(top)
      expect(Math.abs(data[top] - max)).toBeLessThan(1e-3)
    }
    await session.release()
  })
})

/** Something like a person before a wall, NHWC: noise alone gives an empty mask. */
function bust(height, width) {
  return Float32Array.from({ length: 3 * height * width }, (_, i) => {
    const [x, y] = [(Math.floor(i / 3) % width) / width - 0.5, Math.floor(i / 3 / width) / height]
    const head = (x / 0.11) ** 2 + ((y - 0.38) / 0.22) ** 2 < 1
    const body = y > 0.58 && Math.abs(x) < 0.1 + (y - 0.58) * 0.6
    const colour = head ? [0.8, 0.6, 0.5] : body ? [0.15, 0.2, 0.35] : [0.7, 0.72, 0.7]
    return colour[i % 3] + 0.05 * Math.sin(i * 0.7)
  })
}

describe.each([
  ['personWide', 144, 256],
  ['personSquare', 256, 256],
])('converted %s', (source, height, width) => {
  it('gives the mask of the plain loops, for a person and for noise', async () => {
    const session = await ort.InferenceSession.create(convertModel(SOURCES[source](), source), { intraOpNumThreads: 1 })
    const noise = Float32Array.from({ length: 3 * height * width }, (_, i) => ((i * 7919) % 1009) / 1008)
    for (const picture of [bust(height, width), noise]) {
      const planes = new Float32Array(picture.length)
      picture.forEach((value, i) => (planes[(i % 3) * height * width + Math.floor(i / 3)] = value))
      const input = new ort.Tensor('float32', planes, [1, 3, height, width])
      const result = await session.run({ [session.inputNames[0]]: input })
      const mask = result[session.outputNames[0]].data
      const expected = runPlainTflite(SOURCES[source](), picture)
      expect(mask.length).toBe(height * width)
      expect(expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - mask[i])), 0)).toBeLessThan(1e-3)
      // The middle of the face is a person, the corner is not.
      if (picture !== noise) {
        expect(mask[Math.floor(height * 0.4) * width + width / 2]).toBeGreaterThan(0.3)
        expect(mask[0]).toBeLessThan(0.1)
      }
    }
    await session.release()
  })
})

describe('convertModel', () => {
  it('refuses an operator that it does not know', () => {
    const bytes = Buffer.from(SOURCES.shortRange())
    // The first operator code of this file becomes 127, which no model of ours uses.
    const codes = firstOperatorCode(bytes)
    bytes.writeInt8(127, codes)
    expect(() => convertModel(bytes, 'changed')).toThrow(/operator 127/)
  })
})

/** Position of the int8 code in the first OperatorCode table, found the way flatbuffer.mjs finds fields. */
function firstOperatorCode(bytes) {
  const field = (table, index) => table + bytes.readUInt16LE(table - bytes.readInt32LE(table) + 4 + index * 2)
  const follow = (at) => at + bytes.readUInt32LE(at)
  const codes = follow(field(follow(0), 1))
  return field(follow(codes + 4), 0)
}
