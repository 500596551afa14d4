import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { OWN_LOOKS } from '@shared/media/look-settings'
import { ffmpegPath } from '../ffmpeg-path'
import { i420Size, planesOf, type I420Frame } from '../i420'
import { rgbToI420 } from '../rgb-i420'
import { unit, type ColourMap } from './colour-map'
import { bakeCube, cubeMap } from './cube'
import { formatCube } from './cube-file'
import { YuvLook } from './lut-yuv'
import { OWN_LOOK_MAPS } from './own-looks'

const folder = mkdtempSync(join(tmpdir(), 'we-look-'))
afterAll(() => rmSync(folder, { recursive: true }))

const neutral: ColourMap = () => undefined

function noise(width: number, height: number): I420Frame {
  let seed = 1
  const data = new Uint8Array(i420Size(width, height)).map(() => (seed = (seed * 48_271) % 2_147_483_647) & 255)
  return { width, height, data }
}

/** 2x2 pixels of one colour. */
function single(r: number, g: number, b: number): I420Frame {
  return rgbToI420({ width: 2, height: 2, data: Uint8Array.from({ length: 12 }, (_, at) => [r, g, b][at % 3]!) })
}

function applied(map: ColourMap, frame: I420Frame, intensity: number): I420Frame {
  const look = new YuvLook(map)
  look.intensity = intensity
  const copy = { ...frame, data: frame.data.slice() }
  look.apply(copy)
  return copy
}

/** Straight through the definition, in double precision. */
function reference(map: ColourMap, y: number, u: number, v: number, intensity: number): number[] {
  const light = (255 / 219) * (y - 16)
  const rgb = [
    light + 1.402 * (255 / 224) * (v - 128),
    light - ((1.772 * 0.114) / 0.587) * (255 / 224) * (u - 128) - ((1.402 * 0.299) / 0.587) * (255 / 224) * (v - 128),
    light + 1.772 * (255 / 224) * (u - 128),
  ].map((value) => unit(value / 255))
  const colour = Float64Array.from(rgb)
  map(colour)
  const [r, g, b] = [...colour].map((value, channel) => rgb[channel]! + (unit(value) - rgb[channel]!) * intensity) as [
    number,
    number,
    number,
  ]
  const luma = 0.299 * r + 0.587 * g + 0.114 * b
  return [16 + 219 * luma, 128 + (224 * (b - luma)) / 1.772, 128 + (224 * (r - luma)) / 1.402]
}

describe('YuvLook', () => {
  it('leaves every byte at intensity 0, and with a neutral table at any', () => {
    const frame = noise(64, 32)
    expect(applied(OWN_LOOK_MAPS.noir, frame, 0).data).toEqual(frame.data)
    expect(applied(OWN_LOOK_MAPS.teal, frame, 0).data).toEqual(frame.data)
    for (const size of [2, 17, 33]) {
      expect(applied(cubeMap(bakeCube(neutral, size)), frame, 1).data).toEqual(frame.data)
    }
  })

  it('gives known colours as the definition has them', () => {
    const colours = [
      ...[16, 60, 128, 200, 240].map((grey) => [grey, grey, grey]),
      ...[
        [224, 172, 140],
        [141, 85, 54],
        [80, 50, 40],
        [250, 220, 205],
      ], // skin, light and dark
      ...[
        [200, 60, 60],
        [60, 160, 70],
        [70, 90, 190],
        [220, 200, 60],
        [40, 60, 50],
      ],
    ] as [number, number, number][]
    for (const { id } of OWN_LOOKS) {
      const table = cubeMap(bakeCube(OWN_LOOK_MAPS[id]))
      for (const intensity of [1, 0.5]) {
        for (const [r, g, b] of colours) {
          const frame = single(r, g, b)
          const [y, u, v] = [frame.data[0]!, frame.data[4]!, frame.data[5]!]
          const { data } = applied(table, frame, intensity)
          const expected = reference(OWN_LOOK_MAPS[id], y, u, v, intensity)
          const off = [data[0]!, data[4]!, data[5]!].map((value, plane) => Math.abs(value - expected[plane]!))
          expect(Math.max(...off), `${id} ${intensity}: ${r},${g},${b}`).toBeLessThan(2.5)
        }
      }
    }
  })

  it('keeps the order of greys', () => {
    for (const { id } of OWN_LOOKS) {
      const ramp: I420Frame = { width: 2, height: 110, data: new Uint8Array(i420Size(2, 110)).fill(128) }
      const { y } = planesOf(ramp)
      for (let at = 0; at < 220; at++) y[at] = 16 + at
      const after = planesOf(applied(OWN_LOOK_MAPS[id], ramp, 1)).y
      for (let at = 1; at < 220; at++) expect(after[at]! - after[at - 1]!, `${id} at ${at}`).toBeGreaterThanOrEqual(0)
    }
  })

  it('is on the way to the look in between, also when the intensity changes on the same object', () => {
    const frame = single(200, 120, 90)
    const look = new YuvLook(OWN_LOOK_MAPS.sepia)
    const lumas = [0, 0.25, 0.5, 0.75, 1, 0.5].map((intensity) => {
      look.intensity = intensity
      const copy = { ...frame, data: frame.data.slice() }
      look.apply(copy)
      return copy.data[5]!
    })
    expect(lumas[0]).toBe(frame.data[5])
    for (let at = 1; at < 5; at++) expect(lumas[at]).toBeLessThan(lumas[at - 1]!)
    expect(lumas[5]).toBe(lumas[2])
  })

  it('takes the short way for black and white, with the same result, and no other', () => {
    const flat = OWN_LOOKS.map(({ id }) => id).filter((id) => new YuvLook(OWN_LOOK_MAPS[id]).flat)
    expect(flat).toEqual(['silver', 'noir'])
    const bright: ColourMap = (colour) => {
      // The luma alone: the same amount in all three.
      const rise = 0.1
      for (let channel = 0; channel < 3; channel++) colour[channel]! += rise
    }
    expect(new YuvLook(bright).flat).toBe(false) // it cuts at white
    expect(new YuvLook(neutral).flat).toBe(true)
    const { data } = applied(OWN_LOOK_MAPS.noir, single(200, 90, 60), 1)
    expect([data[4], data[5]]).toEqual([128, 128])
    expect(applied(OWN_LOOK_MAPS.noir, noise(32, 32), 1).data.subarray(1024)).toEqual(new Uint8Array(512).fill(128))
  })

  it('takes a picture of all colours at once', () => {
    const frame: I420Frame = { width: 512, height: 512, data: new Uint8Array(i420Size(512, 512)).fill(120) }
    const { u, v } = planesOf(frame)
    for (let at = 0; at < 65_536; at++) [u[at], v[at]] = [at >> 8, at & 255]
    const look = new YuvLook(cubeMap(bakeCube(OWN_LOOK_MAPS.film)))
    look.intensity = 1
    const first = { ...frame, data: frame.data.slice() }
    const second = { ...frame, data: frame.data.slice() }
    look.apply(first) // lays out every column, with room growing
    look.apply(second)
    expect(Buffer.compare(second.data, first.data)).toBe(0)
    expect(Buffer.compare(first.data, frame.data)).not.toBe(0)
  })
})

describe('a live frame', () => {
  it('works out few columns, is near at once, and exact soon after', () => {
    const [width, height] = [320, 240]
    const frame = slopes(width, height)
    const exact = applied(OWN_LOOK_MAPS.film, frame, 1)
    const look = new YuvLook(OWN_LOOK_MAPS.film, 300)
    look.intensity = 1
    const off: number[] = []
    for (let round = 0; round < 60; round++) {
      const copy = { ...frame, data: frame.data.slice() }
      look.apply(copy)
      off.push(copy.data.reduce((most, value, at) => Math.max(most, Math.abs(value - exact.data[at]!)), 0))
    }
    expect(off[0]).toBeGreaterThan(0)
    expect(off[0]).toBeLessThanOrEqual(5)
    expect(off.at(-1)).toBe(0)
  })
})

describe('skin', () => {
  /** Skin from light to dark, as measured on faces in daylight (Fitzpatrick I to VI). */
  const tones = [
    [244, 208, 177],
    [231, 180, 143],
    [210, 158, 124],
    [186, 119, 80],
    [165, 94, 43],
    [60, 31, 29],
  ] as const

  it('stays skin in every look with colour: red over green over blue, hue within 20 degrees, no tone crushed', () => {
    const mono = ['sepia', 'silver', 'noir']
    for (const { id } of OWN_LOOKS.filter((look) => !mono.includes(look.id))) {
      for (const [r, g, b] of tones) {
        const colour = Float64Array.from([r / 255, g / 255, b / 255])
        OWN_LOOK_MAPS[id](colour)
        const name = `${id} ${r},${g},${b}`
        const [red, green, blue] = [colour[0]!, colour[1]!, colour[2]!]
        expect(red, name).toBeGreaterThan(green)
        expect(Math.abs(hue(red, green, blue) - hue(r, g, b)), name).toBeLessThan(20)
        expect(red, name).toBeLessThanOrEqual(1)
        expect(
          Math.abs(0.299 * red + 0.587 * green + 0.114 * blue - (0.299 * r + 0.587 * g + 0.114 * b) / 255),
          name,
        ).toBeLessThan(0.12)
      }
    }
  })

  /** Angle in the U, V plane, degrees. */
  function hue(r: number, g: number, b: number): number {
    const y = 0.299 * r + 0.587 * g + 0.114 * b
    return (Math.atan2(0.713 * (r - y), 0.564 * (b - y)) * 180) / Math.PI
  }
})

describe('beside ffmpeg lut3d', () => {
  it('gives the same picture within the rounding of 4:2:0', () => {
    const [width, height] = [320, 240]
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`]
    const frame = slopes(width, height)
    const source = Buffer.from(frame.data)
    const table = join(folder, 'look.cube')
    for (const id of ['film', 'teal', 'cool', 'fade', 'noir'] as const) {
      const cube = bakeCube(OWN_LOOK_MAPS[id])
      writeFileSync(table, formatCube(cube))
      const scale = 'flags=accurate_rnd+full_chroma_int+full_chroma_inp+bilinear'
      const theirs = execFileSync(
        ffmpegPath(),
        [
          ...['-v', 'error', ...raw, '-i', 'pipe:0', '-vf'],
          `scale=in_range=tv:in_color_matrix=bt601:${scale},format=gbrp,lut3d=file=${table},scale=out_range=tv:out_color_matrix=bt601:${scale},format=yuv420p`,
          ...['-f', 'rawvideo', 'pipe:1'],
        ],
        { input: source },
      )
      const ours = applied(cubeMap(cube), frame, 1)
      const changed = differences(frame.data, theirs)
      const off = differences(ours.data, theirs)
      expect(changed.mean, id).toBeGreaterThan(2) // there is something to get right
      expect(off.mean, `${id} mean`).toBeLessThan(1)
      expect(off.p99, `${id} p99`).toBeLessThanOrEqual(3)
    }
  })
})

/** All of RGB in slow slopes: no edges, where ffmpeg's smooth chroma and our 2x2 cells would differ. */
function slopes(width: number, height: number): I420Frame {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [(at % width) / width, Math.floor(at / width) / height]
    data.set([255 * x, 255 * y, 127 + 127 * Math.sin(5 * x + 3 * y)], at * 3)
  }
  return rgbToI420({ width, height, data })
}

function differences(a: Uint8Array, b: Uint8Array): { mean: number; p99: number } {
  expect(a.length).toBe(b.length)
  const all = [...a].map((value, at) => Math.abs(value - b[at]!)).sort((x, y) => x - y)
  return { mean: all.reduce((sum, value) => sum + value, 0) / all.length, p99: all[Math.floor(all.length * 0.99)]! }
}
