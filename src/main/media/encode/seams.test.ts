import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import type { SavedFile } from '@shared/media/saved-file'
import { Encoder, type EncoderOptions } from '../encoder'
import { openExactFile } from '../new-file'
import { Recording } from '../recording'
import { brightness, Clips, complaints, onsets, shownAt, sound } from '../testing/clips'
import { Fmp4Splitter, type Fmp4Fragment } from '../testing/fmp4-splitter'
import type { PictureSettings } from './picture-settings'

const clips = new Clips()
afterAll(() => clips.remove())

const format = { width: 640, height: 360, fps: 30 }
const PIXELS = format.width * format.height

class Show {
  readonly inits: EncodedInit[] = []
  readonly segments: EncodedSegment[] = []
  readonly encoder: Encoder
  onInit: (init: EncodedInit) => void = () => undefined
  onSegment: (segment: EncodedSegment) => void = () => undefined
  private slots = 0

  constructor(options: Partial<EncoderOptions> = {}) {
    this.encoder = new Encoder({
      ...{ ffmpegPath: clips.ffmpeg, format, ...options },
      onInit: (init) => {
        this.inits.push(init)
        this.onInit(init)
      },
      onSegment: (segment) => {
        this.segments.push(segment)
        this.onSegment(segment)
      },
      onFailure: (error) => {
        throw error
      },
    })
  }

  /** Flash and beep for 3 frames of every 15 on a moving picture; the beep is loud, a quiet tone goes through. */
  async give(count: number): Promise<void> {
    for (const end = this.slots + count; this.slots < end; this.slots++) {
      const n = this.slots
      const loud = n % 15 < 3
      this.sound(n)
      const data = new Uint8Array((PIXELS * 3) / 2).fill(128)
      for (let y = 0; y < format.height; y++) {
        for (let x = 0; x < format.width; x++) {
          data[y * format.width + x] = (loud ? 180 : 20) + ((x * 3 + y * 5 + n * 7 + ((x * y * 7919) % 31)) % 50)
        }
      }
      await new Promise<void>((taken) => this.encoder.writeFrame(data, performance.now(), taken))
    }
  }

  /** Slots whose pictures the source lost; their sound is there. */
  lose(count: number): void {
    for (const end = this.slots + count; this.slots < end; this.slots++) this.sound(this.slots)
    this.encoder.skip(count)
  }

  private sound(n: number): void {
    const pcm = new Int16Array(1600 * 2)
    for (let i = 0; i < 1600; i++) pcm[2 * i] = pcm[2 * i + 1] = tone(n * 1600 + i, n % 15 < 3)
    this.encoder.writeSound(new Uint8Array(pcm.buffer))
  }

  /** The change, and pictures until it has been made. */
  async change(settings: Partial<PictureSettings>): Promise<void> {
    const { seams } = this.encoder
    this.encoder.change(settings)
    while (this.encoder.seams === seams) {
      await this.give(1)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  get frames(): number {
    return this.slots
  }

  save(name: string, part = 0): string {
    writeFileSync(
      clips.path(name),
      Buffer.concat([this.inits[part]!.bytes, ...this.segments.map(({ bytes }) => bytes)]),
    )
    return clips.path(name)
  }
}

function tone(sample: number, loud: boolean): number {
  return Math.round((loud ? 16_000 : 1_000) * Math.sin((2 * Math.PI * 1000 * sample) / 48_000))
}

/** Greatest distance of flash and beep, seconds. */
function apart(file: string): { pairs: number; worst: number } {
  const levels = brightness(file)
  const flashes = shownAt(file).filter((at, i) => at > 0.1 && levels[i]! > 128 && levels[i - 1]! < 128)
  const beeps = onsets(sound(file), 3000, 4800, 48_000).filter((at) => at > 0.1)
  expect(beeps).toHaveLength(flashes.length)
  return { pairs: flashes.length, worst: Math.max(...flashes.map((flash, i) => Math.abs(beeps[i]! - flash))) }
}

/** How far the quiet tone between the beeps is from what was given, at its worst; of 32768. */
function worstSample(heard: Int16Array, slots: number): number {
  let worst = 0
  for (let n = 3; n < slots; n++) {
    if (n % 15 < 5 || n % 15 > 12) continue
    for (let at = n * 1600; at < (n + 1) * 1600; at++) worst = Math.max(worst, Math.abs(heard[at]! - tone(at, false)))
  }
  return worst
}

describe('a live whose encoder is changed while it runs', () => {
  it('is one stream over five changes: every frame, every sample, sound and picture within 5 ms', async () => {
    const show = new Show({ bitrateKbps: 3500 })
    await show.give(20)
    for (const kbps of [1500, 600, 3000, 400, 2500]) {
      await show.change({ kbps, preset: kbps > 2000 ? 'veryfast' : 'superfast' })
      await show.give(25)
    }
    await show.encoder.finish()
    expect(show.encoder.seams).toBe(5)
    expect(show.inits).toHaveLength(1)

    const file = show.save('seams.mp4')
    expect(complaints(file)).toBe('')
    const times = shownAt(file)
    expect(times).toEqual(Array.from({ length: show.frames }, (_, i) => Math.round((i * 1000) / 30) / 1000))
    expect(show.segments.slice(0, -1).every(({ durationMs }) => durationMs === 500)).toBe(true)
    const { pairs, worst } = apart(file)
    expect(pairs).toBeGreaterThan(10)
    expect(worst).toBeLessThan(0.005)

    // No gap and no click: the quiet tone between the beeps is as it was given.
    const heard = sound(file)
    expect(heard.length).toBeGreaterThanOrEqual(show.frames * 1600)
    expect(heard.length).toBeLessThan(show.frames * 1600 + 2 * 1024)
    expect(worstSample(heard, show.frames)).toBeLessThan(250)
  })

  it('passes the checks of a strict parser, with times that go on', async () => {
    const show = new Show({ segmentMs: 200 })
    await show.give(10)
    await show.change({ kbps: 500 })
    await show.give(10)
    await show.encoder.finish()
    const fragments: Fmp4Fragment[] = []
    const splitter = new Fmp4Splitter({
      onInit: (init) => expect(init.mimeType).toBe(show.inits[0]!.mimeType),
      onFragment: (fragment) => fragments.push(fragment),
    })
    splitter.push(Buffer.concat([show.inits[0]!.bytes, ...show.segments.map(({ bytes }) => bytes)]))
    splitter.end()
    expect(fragments.map(({ sequence }) => sequence)).toEqual(fragments.map((_, i) => i + 1))
    const next = new Map<string, number>()
    for (const { runs } of fragments) {
      expect(runs.every(({ startsWithKey }) => startsWithKey)).toBe(true)
      for (const { track, start, duration } of runs) {
        expect(start).toBe(next.get(track.kind) ?? 0)
        next.set(track.kind, start + duration)
      }
    }
    expect(next.get('video')).toBe(show.frames * 512)
  })

  it('sounds the same, sample by sample, where the sound encoder was killed', async () => {
    const show = new Show()
    await show.give(37)
    process.kill(show.encoder.pids.sound, 'SIGKILL')
    await show.give(60)
    await show.encoder.finish()
    const file = show.save('sound.mp4')
    expect(complaints(file)).toBe('')
    expect(worstSample(sound(file), show.frames)).toBeLessThan(250)
  })

  it('takes another bitrate: what leaves the encoder shrinks from the group border on', async () => {
    const show = new Show({ bitrateKbps: 3000 })
    await show.give(30)
    await show.change({ kbps: 500 })
    const border = show.segments.length + 2
    await show.give(60)
    await show.encoder.finish()
    const kbps = (segments: EncodedSegment[]): number =>
      segments.reduce((sum, { bytes }) => sum + bytes.length * 8, 0) /
      segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
    expect(kbps(show.segments.slice(0, 2))).toBeGreaterThan(1500)
    expect(kbps(show.segments.slice(border, -1))).toBeLessThan(900)
  })

  it('takes fewer pictures a second, each at its exact time', async () => {
    const show = new Show()
    await show.give(15)
    await show.change({ sparse: true })
    await show.give(32)
    await show.encoder.finish()
    const file = show.save('sparse.mp4')
    expect(complaints(file)).toBe('')
    expect(show.inits).toHaveLength(1)
    const slots = shownAt(file).map((at) => Math.round(at * 30))
    const late = slots.filter((slot) => slot >= 45)
    expect(late).toEqual(Array.from({ length: show.frames - 45 }, (_, i) => i + 45).filter((slot) => slot % 5 !== 4))
    expect(apart(file).worst).toBeLessThan(0.005)
  })

  it('keeps sound and picture together where the source lost pictures, without encoding any twice', async () => {
    const show = new Show()
    for (let round = 0; round < 6; round++) {
      await show.give(6)
      show.lose(3 + round)
      await show.give(6 - round)
    }
    await show.give(20)
    await show.encoder.finish()
    const file = show.save('lost.mp4')
    expect(complaints(file)).toBe('')
    expect(shownAt(file)).toHaveLength(show.frames - (3 + 4 + 5 + 6 + 7 + 8))
    const total = show.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
    expect(total).toBeCloseTo((show.frames * 1000) / 30, 0)
    expect(apart(file)).toMatchObject({ pairs: 7 })
    expect(apart(file).worst).toBeLessThan(0.005)
  })

  it('says a new start with another size, goes on at the same time, and is recorded in two files', async () => {
    const recording = new Recording(await openExactFile(clips.path('Show.mp4')))
    const parts: (SavedFile | null)[] = []
    recording.onPart = (file, next) => {
      expect(next).toBe(clips.path('Show (2).mp4'))
      parts.push(file)
    }
    const show = new Show()
    show.onInit = ({ bytes }) => recording.start(bytes)
    show.onSegment = ({ bytes, durationMs }) => recording.write(bytes, durationMs)
    await show.give(15)
    await show.change({ width: 320, height: 180 })
    const before = show.segments.length
    await show.give(32)
    await show.encoder.finish()
    expect(show.inits.map(({ width, height }) => [width, height])).toEqual([
      [640, 360],
      [320, 180],
    ])
    parts.push(await recording.finish())
    expect(parts.map((file) => file?.name)).toEqual(['Show.mp4', 'Show (2).mp4'])
    expect(parts.map((file) => complaints(file!.path))).toEqual(['', ''])
    expect(brightness(parts[0]!.path).length + brightness(parts[1]!.path).length).toBe(show.frames)
    const total = show.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
    expect(total).toBeCloseTo((show.frames * 1000) / 30, 0)
    show.segments.splice(0, before + 1)
    expect(complaints(show.save('smaller.mp4', 1))).toBe('')
  })
})
