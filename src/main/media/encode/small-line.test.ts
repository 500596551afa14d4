import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { Encoder, type EncoderOptions } from '../encoder'
import { brightness, Clips, complaints, eventually, isRunning, onsets, shownAt, sound } from '../testing/clips'

const clips = new Clips()
afterAll(() => clips.remove())

const format = { width: 854, height: 480, fps: 30 }
const SIZE = (854 * 480 * 3) / 2

class Show {
  readonly inits: EncodedInit[] = []
  readonly segments: EncodedSegment[] = []
  readonly failures: unknown[] = []
  readonly ended: string[] = []
  readonly encoder: Encoder
  /** Frames that are not free again. */
  lent = 0
  private next = 0

  constructor(options: Partial<EncoderOptions> = {}) {
    this.encoder = new Encoder({
      ...{ ffmpegPath: clips.ffmpeg, format, smallWaitMs: 20_000, ...options },
      onInit: (init) => this.inits.push(init),
      onSegment: (segment) => this.segments.push(segment),
      onSmallEnded: (why) => this.ended.push(why),
      onFailure: (error) => this.failures.push(error),
    })
  }

  /**
   * So many slots, each as soon as the encoders have taken most of those before, or in real time: white and a beep in the first tenth of each second but the first.
   */
  async give(slots: number, inRealTime = false): Promise<void> {
    for (const end = this.next + slots; this.next < end;) {
      const slot = this.next++
      const isFlash = slot % 30 < 3 && slot >= 30
      const pcm = new Int16Array(1600 * 2)
      for (let i = 0; isFlash && i < 1600; i++) {
        pcm[2 * i] = pcm[2 * i + 1] = Math.round(20_000 * Math.sin(2 * Math.PI * 1000 * (slot / 30 + i / 48_000)))
      }
      this.encoder.writeSound(new Uint8Array(pcm.buffer))
      const data = new Uint8Array(SIZE).fill(128)
      data.fill(isFlash ? 235 : 16, 0, 854 * 480)
      this.lent++
      this.encoder.writeFrame(data, performance.now(), () => this.lent--)
      do await pause(inRealTime ? 33 : 2)
      while (!inRealTime && this.lent > 1)
    }
  }

  /** Some segments in one rendition as a file; those that have it not are left out. */
  save(name: string, rendition: 'source' | 'small', segments = this.segments): string {
    const parts = segments.flatMap(({ bytes, others }) => {
      const small = others?.[0]
      return rendition === 'source' ? [bytes] : small ? [small.bytes] : []
    })
    const init = rendition === 'source' ? this.inits[0]!.bytes : segments.find(({ others }) => others)!.others![0]!.init
    writeFileSync(clips.path(name), Buffer.concat([init, ...parts]))
    return clips.path(name)
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
/** More than the small encoder is started ahead. */
const START_MS = 400

/** Where the picture and the sound of a segment begin, in ticks: the `tfdt` of both tracks (ISO/IEC 14496-12, 8.8.12). */
function starts(bytes: Uint8Array): bigint[] {
  const all = Buffer.from(bytes)
  const found: bigint[] = []
  for (let at = all.indexOf('tfdt'); at >= 0; at = all.indexOf('tfdt', at + 4)) found.push(all.readBigUInt64BE(at + 8))
  return found
}

/** Times from the first on; seconds. */
function since(times: number[]): number[] {
  return times.map((time) => Math.round((time - times[0]!) * 1000) / 1000)
}

function flashTimes(file: string): number[] {
  const [times, levels] = [shownAt(file), brightness(file)]
  return times.filter((_, i) => levels[i]! > 128 && (levels[i - 1] ?? 0) < 128)
}

describe('the small rendition', () => {
  it('is the same show, picture by picture and segment by segment, from where it begins', async () => {
    const show = new Show()
    await show.give(20)
    show.encoder.setSmall(true)
    await pause(START_MS)
    await show.give(110)
    await show.encoder.finish()
    expect(show.failures).toEqual([])
    expect(show.ended).toEqual([])
    expect(show.inits[0]!.renditions).toEqual([
      { id: 'source', width: 854, height: 480, kbps: 3500, codecs: 'avc1.64001f,mp4a.40.2' },
      { id: 'small', width: 640, height: 360, kbps: 700, codecs: 'avc1.64001f,mp4a.40.2' },
    ])
    expect(show.segments).toHaveLength(9)
    const withSmall = show.segments.filter(({ others }) => others)
    expect(withSmall.length).toBeGreaterThanOrEqual(5)
    expect(withSmall).toEqual(show.segments.slice(-withSmall.length)) // no hole

    const source = show.save('source.mp4', 'source')
    const small = show.save('small.mp4', 'small')
    expect(complaints(source)).toBe('')
    expect(complaints(small)).toBe('')
    const times = shownAt(source)
    expect(times).toHaveLength(130)
    for (const { bytes, others } of withSmall) expect(starts(others![0]!.bytes)).toEqual(starts(bytes))
    const shown = since(shownAt(small))
    expect(shown).toEqual(since(times.slice(-shown.length)))
    const both = withSmall.map((_, i) => show.segments.length - withSmall.length + i)
    for (const index of [both[0]!, both.at(-1)!]) {
      // Each segment alone: the same times and the same sound in both, so that every one is a place to change over.
      const one = [show.segments[index]!]
      expect(shownAt(show.save('one-small.mp4', 'small', one))).toEqual(shownAt(show.save('one.mp4', 'source', one)))
      expect(sound(clips.path('one-small.mp4'))).toEqual(sound(clips.path('one.mp4')))
    }
    expect(flashTimes(source)).toEqual([1, 2, 3, 4])
    expect(since(flashTimes(small))).toEqual([0, 1, 2, 3].slice(0, flashTimes(small).length))
    expect(flashTimes(small).length).toBeGreaterThanOrEqual(2)
    expect(onsets(sound(source), 3000, 4800, 48_000).length).toBe(4)
  })

  it('may be killed and come back; the source loses no picture, and nothing is lent for ever', async () => {
    const show = new Show()
    show.encoder.setSmall(true)
    await pause(START_MS)
    await show.give(40)
    expect(await eventually(() => show.encoder.hasSmall)).toBe(true)
    process.kill(show.encoder.pids.small, 'SIGKILL')
    await show.give(20)
    expect(show.ended).toHaveLength(1)
    expect(show.encoder.hasSmall).toBe(false)
    show.encoder.setSmall(true)
    await pause(START_MS)
    await show.give(60)
    await show.encoder.finish()
    expect(show.failures).toEqual([])
    expect(show.lent).toBe(0)
    const has = show.segments.map(({ others }) => others !== undefined)
    expect(has.indexOf(true)).toBeLessThan(has.indexOf(false, has.indexOf(true)))
    expect(has.at(-1)).toBe(true)
    const source = show.save('killed.mp4', 'source')
    expect(shownAt(source)).toHaveLength(120)
    expect(complaints(source)).toBe('')
    expect(flashTimes(source)).toEqual([1, 2, 3])
  })

  it('that hangs is given up before the source has to wait for it', async () => {
    const show = new Show()
    show.encoder.setSmall(true)
    await pause(START_MS)
    await show.give(40)
    expect(await eventually(() => show.encoder.hasSmall)).toBe(true)
    const { small } = show.encoder.pids
    process.kill(small, 'SIGSTOP')
    await show.give(12, true)
    expect(show.ended).toEqual(['it does not keep up'])
    await show.give(38, true)
    await show.encoder.finish()
    expect(await eventually(() => !isRunning(small))).toBe(true)
    expect(show.lent).toBe(0)
    expect(show.failures).toEqual([])
    expect(shownAt(show.save('hung.mp4', 'source'))).toHaveLength(90)
    expect(show.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(3000, 0)
  })

  it('stays in step when the source changes its encoder and when slots are lost', async () => {
    const show = new Show()
    show.encoder.setSmall(true)
    await pause(START_MS)
    await show.give(50)
    show.encoder.skip(4)
    show.encoder.change({ kbps: 1500 })
    await show.give(90)
    await show.encoder.finish()
    expect(show.ended).toEqual([])
    expect(show.encoder.seams).toBe(1)
    const withSmall = show.segments.filter(({ others }) => others)
    expect(withSmall.length).toBeGreaterThanOrEqual(6)
    expect(withSmall).toEqual(show.segments.slice(-withSmall.length))
    const [source, small] = [shownAt(show.save('seam.mp4', 'source')), shownAt(show.save('seam-small.mp4', 'small'))]
    expect(since(small)).toEqual(since(source.slice(-small.length)))
    for (const { bytes, others } of withSmall) expect(starts(others![0]!.bytes)).toEqual(starts(bytes))
    expect(complaints(clips.path('seam-small.mp4'))).toBe('')
  })

  it('is not made of a picture that is small already', async () => {
    const show = new Show({ format: { width: 640, height: 360, fps: 30 } })
    show.encoder.setSmall(true)
    expect(show.encoder.pids.small).toBe(0)
    await show.encoder.kill()
  })
})
