import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudioError } from '@shared/errors'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { Encoder, type EncoderOptions } from './encoder'
import { brightness, Clips, complaints, eventually, isRunning, onsets, shownAt, sound } from './testing/clips'

const clips = new Clips()
afterAll(() => clips.remove())

const format = { width: 320, height: 180, fps: 30 }

interface Show {
  encoder: Encoder
  inits: EncodedInit[]
  segments: EncodedSegment[]
  failures: StudioError[]
  save: (name: string) => string
}

function start(options: Partial<EncoderOptions> = {}): Show {
  const inits: EncodedInit[] = []
  const segments: EncodedSegment[] = []
  const failures: StudioError[] = []
  const encoder = new Encoder({
    ...{ ffmpegPath: clips.ffmpeg, format, ...options },
    onInit: (init) => inits.push(init),
    onSegment: (segment) => segments.push(segment),
    onFailure: (error) => failures.push(error),
  })
  const save = (name: string): string => {
    const parts = [inits[0]!.bytes, ...segments.map((segment) => segment.bytes)]
    writeFileSync(clips.path(name), Buffer.concat(parts))
    return clips.path(name)
  }
  return { encoder, inits, segments, failures, save }
}

/** One frame of one brightness and the sound of its 1/30 s. */
async function slot(encoder: Encoder, level: number, tone: boolean, number: number): Promise<void> {
  const pcm = new Int16Array(1600 * 2)
  for (let i = 0; tone && i < 1600; i++) {
    pcm[2 * i] = pcm[2 * i + 1] = Math.round(20_000 * Math.sin(2 * Math.PI * 1000 * (number / 30 + i / 48_000)))
  }
  encoder.writeSound(new Uint8Array(pcm.buffer))
  const data = new Uint8Array((320 * 180 * 3) / 2).fill(128)
  data.fill(level, 0, 320 * 180)
  await new Promise<void>((taken) => encoder.writeFrame(data, performance.now(), taken))
}

/** When the first bright picture after dark ones is shown. */
function flashTimes(times: number[], levels: number[]): number[] {
  return times.filter((_, i) => levels[i]! > 128 && (levels[i - 1] ?? 0) < 128)
}

describe('Encoder', () => {
  it('makes segments of whole groups that start at 0, and a clean file', async () => {
    const { encoder, inits, segments, failures, save } = start()
    for (let i = 0; i < 50; i++) await slot(encoder, 40 + i, true, i)
    await encoder.finish()
    expect(failures).toEqual([])
    expect(inits).toHaveLength(1)
    expect(inits[0]).toMatchObject({ ...format, mimeType: expect.stringMatching(/avc1\.64.*mp4a\.40\.2/) as string })
    expect(segments.map((segment) => segment.index)).toEqual([0, 1, 2, 3])
    expect(segments.map((segment) => segment.durationMs)).toEqual([500, 500, 500, 166.667])
    for (const segment of segments) expect(segment.delayMs).toBeGreaterThanOrEqual(0)
    const file = save('clean.mp4')
    expect(complaints(file)).toBe('')
    const levels = brightness(file)
    expect(levels).toHaveLength(50)
    levels.slice(1).forEach((level, i) => expect(level).toBeGreaterThan(levels[i]!))
  })

  it('keeps sound and picture together from the first frame on', async () => {
    const { encoder, save } = start()
    // White and a beep for 3 frames, one second apart, the first one second in; then it lasts long enough to drift.
    for (let i = 0; i < 300; i++) await slot(encoder, i % 30 < 3 && i >= 30 ? 235 : 16, i % 30 < 3 && i >= 30, i)
    await encoder.finish()
    const file = save('sync.mp4')
    const flashes = onsets(brightness(file), 128, 5, 30)
    const beeps = onsets(sound(file), 3000, 4800, 48_000)
    expect(flashes).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(beeps).toHaveLength(9)
    flashes.forEach((flash, i) => expect(Math.abs(beeps[i]! - flash)).toBeLessThan(0.005))
  })

  it('takes other segment lengths and bitrates', async () => {
    const { encoder, segments } = start({ segmentMs: 200, bitrateKbps: 300 })
    for (let i = 0; i < 18; i++) await slot(encoder, (i * 37) % 200, false, i)
    await encoder.finish()
    expect(segments.map((segment) => segment.durationMs)).toEqual([200, 200, 200])
  })

  it('goes on with other programs when its own are killed, and loses no slot and no sound', async () => {
    const { encoder, segments, failures, save } = start()
    const beepAt = (i: number): boolean => i % 30 < 3 && i >= 30
    for (let i = 0; i < 150; i++) {
      await slot(encoder, beepAt(i) ? 235 : 16, beepAt(i), i)
      if (i === 70) process.kill(encoder.pids.pictures[0]!, 'SIGKILL')
      if (i === 100) process.kill(encoder.pids.sound, 'SIGKILL')
    }
    await encoder.finish()
    expect(failures).toEqual([])
    expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(5000, 0)
    const file = save('killed.mp4')
    expect(complaints(file)).toBe('')
    // At most one group of pictures may be missing; what is there is shown at its time.
    const times = shownAt(file)
    expect(times.length).toBeGreaterThanOrEqual(150 - 15)
    const levels = brightness(file)
    expect(onsets(sound(file), 3000, 4800, 48_000).map((at) => Math.round(at * 100) / 100)).toEqual([1, 2, 3, 4])
    expect(flashTimes(times, levels)).toEqual([1, 2, 3, 4])
  })

  it('replaces a program that hangs', async () => {
    const { encoder, segments, failures, save } = start()
    let waiting = 0
    const give = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        waiting++
        void slot(encoder, 40 + i, true, i).then(() => waiting--)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    await give(0, 20)
    const hung = encoder.pids.pictures[0]!
    process.kill(hung, 'SIGSTOP')
    await give(20, 28)
    expect(await eventually(() => !encoder.pids.pictures.includes(hung) && waiting === 0)).toBe(true)
    await give(28, 60)
    await encoder.finish()
    expect(isRunning(hung)).toBe(false)
    expect(failures).toEqual([])
    expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(2000, 0)
    expect(complaints(save('hung.mp4'))).toBe('')
  })

  it('says so in plain words when its program is killed three times, and lets no caller hang', async () => {
    const { encoder, failures } = start()
    for (let kill = 0; kill < 3; kill++) {
      const pid = encoder.pids.pictures[0]!
      await slot(encoder, 100, false, kill)
      process.kill(pid, 'SIGKILL')
      expect(await eventually(() => encoder.pids.pictures[0] !== pid || failures.length > 0)).toBe(true)
    }
    expect(await eventually(() => failures.length > 0)).toBe(true)
    expect(failures[0]).toMatchObject({
      code: 'encoder-stopped',
      message: expect.stringMatching(/Go live again/) as string,
    })
    await slot(encoder, 100, false, 1)
    await expect(encoder.finish()).rejects.toMatchObject({ code: 'encoder-stopped' })
    expect(failures).toHaveLength(1)
  })

  it('can be ended without a single frame, and killed', async () => {
    const empty = start()
    await empty.encoder.finish().catch(() => undefined)
    expect(isRunning(pidOf(empty.encoder))).toBe(false)
    const killed = start()
    await slot(killed.encoder, 100, false, 0)
    await killed.encoder.kill()
    expect(isRunning(pidOf(killed.encoder))).toBe(false)
    expect(killed.failures).toEqual([])
  })
})

function pidOf(encoder: Encoder): number {
  return encoder.pids.pictures[0]!
}
