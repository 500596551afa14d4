import { describe, expect, it } from 'vitest'
import { streamPart, streamStart, type StreamPart } from './fmp4-writer'
import { readFragment, readFragmentStart } from './fragment-units'

/** Numbers that look random and are the same each time (Park and Miller). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below
}

function bytes(random: (below: number) => number, length: number): Uint8Array {
  const made = new Uint8Array(length)
  for (let i = 0; i < length; i++) made[i] = random(256)
  return made
}

/** NAL units behind their lengths, as an encoder gives them. */
function nalUnits(random: (below: number) => number): Uint8Array {
  const bodies = Array.from({ length: 1 + random(3) }, () => bytes(random, 1 + random(60)))
  const units = new Uint8Array(bodies.reduce((total, body) => total + 4 + body.length, 0))
  let at = 0
  for (const body of bodies) {
    units[at + 3] = body.length
    units.set(body, at + 4)
    at += 4 + body.length
  }
  return units
}

function anyPart(random: (below: number) => number): StreamPart {
  return {
    sequence: 1 + random(1e6),
    slot: random(2 ** 31) * 8,
    pictures: Array.from({ length: 1 + random(30) }, () => ({ data: nalUnits(random), slots: 1 + random(4) })),
    soundFrame: random(2 ** 31),
    sound: Array.from({ length: random(40) }, () => bytes(random, 1 + random(50))),
  }
}

describe('taking our own segments apart', () => {
  it('gives back what the writer was given, for 1,000 different segments', () => {
    const random = numbers(7)
    for (let round = 0; round < 1000; round++) {
      const part = anyPart(random)
      const read = readFragment(streamPart(part))
      const starts = part.pictures.map((_, i) =>
        part.pictures.slice(0, i).reduce((sum, { slots }) => sum + slots, part.slot),
      )
      expect(read).toEqual({
        sequence: part.sequence,
        slot: part.slot,
        endSlot: part.pictures.reduce((sum, { slots }) => sum + slots, part.slot),
        pictures: part.pictures.map(({ data }, i) => ({ slot: starts[i], data })),
        soundFrame: part.sound.length > 0 ? part.soundFrame : 0,
        sound: [...part.sound],
      })
    }
  })

  it('gives back the configuration', () => {
    const random = numbers(3)
    for (let round = 0; round < 200; round++) {
      const config = {
        width: 2 + random(8000),
        height: 2 + random(4000),
        fps: 1 + random(120),
        avcC: Uint8Array.of(1, 100, 0, 31, 0xff, ...bytes(random, 2 + random(60))),
        asc: bytes(random, 2 + random(10)),
      }
      expect(readFragmentStart(streamStart(config), 5)).toEqual({ id: 5, ...config })
    }
  })

  it('refuses damaged ones with words, never hangs and never reads outside: 20,000 damages', () => {
    const random = numbers(11)
    const start = streamStart({
      ...{ width: 640, height: 360, fps: 30 },
      avcC: Uint8Array.of(1, 100, 0, 31, 0xff, 1, 2, 3),
      asc: Uint8Array.of(0x11, 0x90),
    })
    let refused = 0
    for (let round = 0; round < 20_000; round++) {
      const isStart = round % 4 === 0
      const good = isStart ? start : streamPart(anyPart(random))
      const damaged = good.slice(0, round % 5 === 0 ? random(good.length) : good.length)
      for (let n = 1 + random(3); n > 0 && damaged.length > 0; n--) damaged[random(damaged.length)] = random(256)
      try {
        const read = isStart ? readFragmentStart(damaged, 0) : readFragment(damaged)
        if ('pictures' in read) {
          const total = [...read.pictures.map(({ data }) => data), ...read.sound].reduce((sum, d) => sum + d.length, 0)
          expect(total).toBeLessThanOrEqual(damaged.length)
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-segment' })
        refused++
      }
    }
    expect(refused).toBeGreaterThan(5000)
  })
})
