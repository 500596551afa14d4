import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { readFragment, readFragmentStart } from '@shared/media/fragment-units'
import { Encoder } from '../encoder'
import { Clips, complaints, eventually, shownAt } from '../testing/clips'
import { streamPart, streamStart } from './fmp4-writer'
import type { PictureSettings } from './picture-settings'

const clips = new Clips()
afterAll(() => clips.remove())

const format = { width: 320, height: 180, fps: 30 }

/** Everything that an encoder tells, in the order of telling. */
class Told {
  readonly inits: EncodedInit[] = []
  readonly segments: EncodedSegment[] = []
  readonly configs: AccessConfig[] = []
  readonly units: AccessUnit[] = []
  /** Capture to unit, milliseconds. */
  readonly delays: number[] = []
  readonly capturedAt: number[] = []
  readonly encoder: Encoder
  private slots = 0

  constructor() {
    this.encoder = new Encoder({
      ...{ ffmpegPath: clips.ffmpeg, format },
      onInit: (init) => this.inits.push(init),
      onSegment: (segment) => {
        const { borders } = segment
        expect(this.configs.at(-1)!.id).toBeGreaterThanOrEqual(borders!.configId)
        this.segments.push(segment)
        // All that it is made of has been told before it.
        expect(remade(this, this.segments.length - 1)).toEqual(segment.bytes)
        // And a viewer finds the very same units in it.
        const { slot, endSlot, soundFrame, sound } = readFragment(segment.bytes)
        expect({ slot, endSlot }).toEqual({ slot: borders!.slot, endSlot: borders!.endSlot })
        expect(soundFrame + sound.length).toBe(borders!.endSoundFrame)
        expect(readFragmentStart(this.inits.at(-1)!.bytes, borders!.configId)).toEqual(
          this.configs.find(({ id }) => id === borders!.configId),
        )
      },
      onConfig: (config) => this.configs.push(config),
      onUnit: (unit) => {
        expect(unit.data.byteLength).toBe(unit.data.buffer.byteLength)
        expect(unit.configId).toBe(this.configs.at(-1)!.id)
        this.units.push(unit)
        if (unit.track === 'picture') this.delays.push(Date.now() - unit.capturedAt)
      },
      onFailure: (error) => {
        throw error
      },
    })
  }

  async give(count: number, realTime = false): Promise<void> {
    for (const end = this.slots + count; this.slots < end; this.slots++) {
      const n = this.slots
      const data = new Uint8Array((320 * 180 * 3) / 2).fill(128)
      for (let i = 0; i < 320 * 180; i++) data[i] = 30 + ((i * 7919 + n * 11) % 180)
      this.sound(n)
      this.capturedAt[n] = Date.now()
      await new Promise<void>((taken) => this.encoder.writeFrame(data, performance.now(), taken))
      if (realTime) await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  lose(count: number): void {
    for (const end = this.slots + count; this.slots < end; this.slots++) this.sound(this.slots)
    this.encoder.skip(count)
  }

  async change(settings: Partial<PictureSettings>): Promise<void> {
    const { seams } = this.encoder
    this.encoder.change(settings)
    while (this.encoder.seams === seams) await this.give(1, true)
  }

  private sound(n: number): void {
    const pcm = new Int16Array(3200)
    for (let i = 0; i < 1600; i++) pcm[2 * i] = pcm[2 * i + 1] = 8000 * Math.sin((n * 1600 + i) / 7)
    this.encoder.writeSound(new Uint8Array(pcm.buffer))
  }
}

/** The bytes of a segment, made of what was told one by one. */
function remade({ units, segments }: Told, index: number): Uint8Array {
  const { sequence, slot, endSlot, soundFrame, endSoundFrame } = segments[index]!.borders!
  const pictures = units.filter((unit) => unit.track === 'picture' && unit.slot >= slot && unit.slot < endSlot)
  const starts = [...pictures.map((unit) => (unit.track === 'picture' ? unit.slot : 0)), endSlot]
  return streamPart({
    ...{ sequence, slot, soundFrame },
    pictures: pictures.map(({ data }, i) => ({ data, slots: starts[i + 1]! - starts[i]! })),
    sound: units
      .filter((unit) => unit.track === 'sound' && unit.frame >= soundFrame && unit.frame < endSoundFrame)
      .map(({ data }) => data),
  })
}

/** Every unit is in a segment, each slot and frame once and in order, a group begins with its key. */
function expectWhole({ units, segments, configs, inits }: Told): void {
  const pictures = units.filter((unit) => unit.track === 'picture')
  const sound = units.filter((unit) => unit.track === 'sound')
  const borders = segments.map((segment) => segment.borders!)
  pictures.slice(1).forEach(({ slot }, i) => expect(slot).toBeGreaterThan(pictures[i]!.slot))
  expect(sound.map(({ frame }) => frame)).toEqual(sound.map((_, i) => i))
  expect(borders.at(-1)!.endSoundFrame).toBe(sound.length)
  expect(borders.at(-1)!.endSlot).toBeGreaterThan(pictures.at(-1)!.slot)
  expect(pictures.filter(({ key }) => key).map(({ slot, configId }) => [slot, configId])).toEqual(
    borders.map(({ slot, configId }) => [slot, configId]),
  )
  expect(configs.map((config) => Buffer.from(streamStart(config)))).toEqual(
    inits.map(({ bytes }) => Buffer.from(bytes)),
  )
}

function save(told: Told, name: string): string {
  const parts = told.segments.map((_, index) => remade(told, index))
  writeFileSync(clips.path(name), Buffer.concat([streamStart(told.configs[0]!), ...parts]))
  return clips.path(name)
}

describe('access units of a live', () => {
  it('are the very segments, over lost slots, a change of bitrate and fewer pictures', async () => {
    const told = new Told()
    await told.give(20)
    told.lose(3)
    await told.give(20)
    await told.change({ kbps: 500 })
    await told.give(20)
    await told.change({ sparse: true })
    await told.give(22)
    await told.encoder.finish()
    expectWhole(told)
    expect(told.configs).toHaveLength(1)
    const file = save(told, 'units.mp4')
    expect(complaints(file)).toBe('')
    const pictures = told.units.filter((unit) => unit.track === 'picture')
    expect(shownAt(file).map((at) => Math.round(at * 30))).toEqual(pictures.map(({ slot }) => slot))
  })

  it('name a new configuration from the key picture on that begins it', async () => {
    const told = new Told()
    await told.give(20)
    await told.change({ width: 160, height: 90 })
    await told.give(20)
    await told.encoder.finish()
    expectWhole(told)
    expect(told.configs.map(({ id, width, height }) => [id, width, height])).toEqual([
      [0, 320, 180],
      [1, 160, 90],
    ])
  })

  it('none is told that is not in the stream when programs are killed', async () => {
    const told = new Told()
    await told.give(22)
    process.kill(told.encoder.pids.pictures[0]!, 'SIGKILL')
    await told.give(20)
    process.kill(told.encoder.pids.sound, 'SIGKILL')
    await told.give(40)
    await told.encoder.finish()
    expectWhole(told)
    expect(complaints(save(told, 'killed.mp4'))).toBe('')
  })

  it('are out at once, with the time of their capture', async () => {
    const told = new Told()
    await told.give(90, true)
    expect(await eventually(() => told.units.filter(({ track }) => track === 'picture').length >= 89)).toBe(true)
    const sorted = told.delays.slice(15).sort((a, b) => a - b)
    const p50 = sorted[Math.floor(sorted.length / 2)]!
    const p95 = sorted[Math.floor(sorted.length * 0.95)]!
    console.log(`capture to unit: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`)
    // Far below a group of 500 ms, also on a busy computer.
    expect(p50).toBeLessThan(150)
    for (const unit of told.units) {
      if (unit.track === 'picture') expect(Math.abs(unit.capturedAt - told.capturedAt[unit.slot]!)).toBeLessThan(20)
    }
    await told.encoder.finish()
    expectWhole(told)
  })
})
