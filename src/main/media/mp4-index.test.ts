import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fmp4Splitter } from './testing/fmp4-splitter'
import { join, typeOf, children } from '@shared/media/mp4-boxes'
import { Mp4Index } from './mp4-index'
import { openExactFile } from './new-file'
import { Recording } from './recording'
import { brightness, Clips, complaints, packets } from './testing/clips'

const clips = new Clips()
afterAll(() => clips.remove())

let init: Uint8Array
let segments: { bytes: Uint8Array; durationMs: number }[]
let fragmented = ''

beforeAll(() => {
  // As the encoder writes it (encoder.ts), sound a little ahead.
  fragmented = clips.make(
    ...['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30:d=5', '-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=5.1'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-g', '15', '-sc_threshold', '0'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-af', 'atrim=start_sample=1024', '-map', '0:v', '-map', '1:a'],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'fragmented.mp4'],
  )
  segments = []
  const splitter = new Fmp4Splitter({
    onInit: ({ bytes }) => (init = bytes),
    onFragment: ({ bytes, runs }) => {
      const video = runs.find(({ track }) => track.kind === 'video')!
      segments.push({ bytes, durationMs: (video.duration / video.track.timescale) * 1000 })
    },
  })
  splitter.push(readFileSync(fragmented))
})

async function record(name: string, count = segments.length): Promise<string> {
  const recording = new Recording(await openExactFile(clips.path(name)))
  recording.start(init)
  for (const { bytes, durationMs } of segments.slice(0, count)) recording.write(bytes, durationMs)
  await recording.finish()
  return clips.path(name)
}

describe('a finished recording', () => {
  it('is a plain MP4 with the same packets at the same times', async () => {
    const path = await record('plain.mp4')
    expect(complaints(path)).toBe('')
    expect(packets(path)).toEqual(packets(fragmented))
    expect(packets(path).length).toBeGreaterThan(150 + 200)
  })

  it('has its index in the tables of the file, not in fragments, and can be seeked', async () => {
    const path = await record('seek.mp4')
    const bytes = readFileSync(path)
    const [ftyp] = children(bytes.subarray(0, bytes.readUInt32BE(0)), 0)
    expect(typeOf(ftyp!)).toBe('ftyp')
    const mdat = bytes.subarray(ftyp!.length)
    expect([mdat.readUInt32BE(0), mdat.toString('latin1', 4, 8)]).toEqual([1, 'mdat'])
    const rest = mdat.subarray(Number(mdat.readBigUInt64BE(8)))
    expect(children(rest, 0).map(typeOf)).toEqual(['moov'])
    expect(rest.includes('mvex')).toBe(false)
    const at = (seconds: number): string =>
      execFileSync(
        clips.ffmpeg,
        ['-v', 'error', '-ss', String(seconds), '-i', path, '-frames:v', '1', '-f', 'framemd5', '-an', '-'],
        { encoding: 'utf8' },
      ).trim()
    expect(at(3.5)).not.toBe(at(1))
  })

  it('is the fragmented file with one free box until then', async () => {
    const recording = new Recording(await openExactFile(clips.path('running.mp4')))
    recording.start(init)
    for (const { bytes, durationMs } of segments.slice(0, 4)) recording.write(bytes, durationMs)
    await new Promise((resolve) => setTimeout(resolve, 100))
    writeFileSync(clips.path('killed.mp4'), readFileSync(clips.path('running.mp4')))
    expect(complaints(clips.path('killed.mp4'))).toBe('')
    expect(brightness(clips.path('killed.mp4'))).toHaveLength(60)
    await recording.finish()
  })

  it('stays fragmented when its last step is missing', () => {
    const index = new Mp4Index(init)
    let size = init.length
    for (const { bytes } of segments) {
      index.add(bytes, size)
      size += bytes.length
    }
    writeFileSync(clips.path('step.mp4'), join([init, ...segments.map(({ bytes }) => bytes), index.build()]))
    expect(brightness(clips.path('step.mp4'))).toHaveLength(150)
  })

  it('beyond 4 GiB has 64 bit offsets', () => {
    const index = new Mp4Index(init)
    segments.forEach(({ bytes }, i) => index.add(bytes, i * 2 ** 30))
    const moov = Buffer.from(index.build())
    expect(moov.includes('co64')).toBe(true)
    expect(moov.includes('stco')).toBe(false)
    const co64 = moov.subarray(moov.indexOf('co64') - 4)
    expect(co64.readUInt32BE(12)).toBe(segments.length)
    expect(Number(co64.readBigUInt64BE(16 + 8 * 6)) - 6 * 2 ** 30).toBeGreaterThan(0)
    expect(Number(co64.readBigUInt64BE(16 + 8 * 6)) - 6 * 2 ** 30).toBeLessThan(segments[6]!.bytes.length)
  })

  it('refuses what it cannot index', () => {
    expect(() => new Mp4Index(new Uint8Array(8))).toThrow(expect.objectContaining({ code: 'bad-stream' }))
    const index = new Mp4Index(init)
    expect(() => index.add(segments[1]!.bytes, 0)).toThrow(expect.objectContaining({ code: 'bad-stream' }))
  })
})
