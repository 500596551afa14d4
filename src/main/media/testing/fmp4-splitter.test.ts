import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fmp4Splitter, type Fmp4Fragment, type Fmp4Init } from './fmp4-splitter'
import { Clips } from './clips'

const clips = new Clips()
let stream: Buffer

beforeAll(() => {
  const path = clips.make(
    ...['-f', 'lavfi', '-i', 'testsrc=s=128x96:r=30:d=2', '-f', 'lavfi', '-i', 'sine=r=48000:d=2'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-profile:v', 'high'],
    ...['-g', '15', '-keyint_min', '15', '-sc_threshold', '0', '-c:a', 'aac'],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'real.mp4'],
  )
  stream = readFileSync(path)
})
afterAll(() => clips.remove())

function split(bytes: Uint8Array, chunk: number): { init: Fmp4Init[]; fragments: Fmp4Fragment[] } {
  const init: Fmp4Init[] = []
  const fragments: Fmp4Fragment[] = []
  const splitter = new Fmp4Splitter({
    onInit: (found) => init.push(found),
    onFragment: (fragment) => fragments.push(fragment),
  })
  for (let at = 0; at < bytes.length; at += chunk) splitter.push(bytes.subarray(at, at + chunk))
  splitter.end()
  return { init, fragments }
}

/** Where the n-th box (or field) of a type begins in the stream. */
function at(type: string, nth = 0): number {
  let position = -1
  for (let i = 0; i <= nth; i++) position = stream.indexOf(type, position + 1, 'latin1')
  return position - 4
}

/** The stream with four bytes overwritten. */
function patched(position: number, value: number): Buffer {
  const copy = Buffer.from(stream)
  copy.writeUInt32BE(value, position)
  return copy
}

describe('a real stream', () => {
  it.each([1, 7, 1000, 65_536, 1 << 24])('is cut the same in chunks of %i bytes', (chunk) => {
    const { init, fragments } = split(stream, chunk)
    expect(init).toHaveLength(1)
    expect(init[0]!.mimeType).toMatch(/^video\/mp4; codecs="avc1\.6400[0-9a-f]{2},mp4a\.40\.2"$/)
    const parts = [init[0]!.bytes, ...fragments.map((fragment) => fragment.bytes)]
    const joined = Buffer.concat(parts)
    expect(Buffer.compare(joined, stream.subarray(0, joined.length))).toBe(0)
    // What is left is the index at the end, which a live stream does not need.
    expect(stream.toString('latin1', joined.length + 4, joined.length + 8)).toBe('mfra')
  })

  it('gives times, counts and key frames', () => {
    const { fragments } = split(stream, 4096)
    const video = fragments.map((fragment) => fragment.runs.find((run) => run.track.kind === 'video')!)
    expect(video.map((run) => run.samples)).toEqual([15, 15, 15, 15])
    expect(video.every((run) => run.startsWithKey)).toBe(true)
    expect(video.slice(1).map((run) => run.duration / run.track.timescale)).toEqual([0.5, 0.5, 0.5])
    const audio = fragments.flatMap((fragment) => fragment.runs.filter((run) => run.track.kind === 'audio'))
    expect(audio[0]!.track.timescale).toBe(48_000)
    for (const runs of [video, audio]) {
      runs.slice(1).forEach((run, i) => expect(run.start).toBe(runs[i]!.start + runs[i]!.duration))
    }
    expect(fragments.map((fragment) => fragment.sequence)).toEqual([1, 2, 3, 4])
  })

  it('ends where a box ends', () => {
    expect(() => split(stream.subarray(0, at('mdat') + 100), 4096)).toThrow('in the middle')
    expect(() => split(stream.subarray(0, at('mdat')), 4096)).toThrow('in the middle')
  })
})

describe('a damaged stream is refused', () => {
  it.each([
    ['a box length of 3', () => patched(at('moof'), 3), 'a box of 3 bytes'],
    ['a box length beyond reason', () => patched(at('moof'), 0x7fffffff), 'a box of'],
    ['a track larger than its movie', () => patched(at('trak'), 0x00ffffff), 'larger than the one around it'],
    ['an unknown box', () => patched(at('moof') + 4, 0x78787878), 'unknown box'],
    ['a fragment without mdat', () => patched(at('mdat') + 4, 0x66726565), 'mdat must follow'],
    ['a codec that is not ours', () => patched(at('avc1') + 4, 0x68766331), 'hvc1'],
    ['no avcC', () => patched(at('avcC') + 4, 0x66726565), 'avcC is missing'],
    ['no decode time', () => patched(at('tfdt') + 4, 0x66726565), 'tfdt is missing'],
    ['more samples than the run holds', () => patched(at('trun') + 12, 5000), 'trun is too short'],
    ['a fragment of another track', () => patched(at('tfhd') + 12, 9), 'unknown track'],
    ['a sequence number again', () => patched(at('mfhd', 1) + 12, 1), 'fragment 1 after 1'],
  ])('%s', (_, damage, message) => {
    expect(() => split(damage(), 4096)).toThrow(message)
    expect(() => split(damage(), 4096)).toThrow(/^The encoded stream is damaged: .+\. Stop and start again\.$/)
  })

  it('time that runs backwards', () => {
    // The first tfdt of the third fragment, 64 bit.
    const tfdt = stream.indexOf('tfdt', at('moof', 2), 'latin1') - 4
    const copy = Buffer.from(stream)
    copy.writeBigUInt64BE(0n, tfdt + 12)
    expect(copy[tfdt + 8]).toBe(1)
    expect(() => split(copy, 4096)).toThrow('time runs backwards')
  })

  it('a fragment before the start, and noise', () => {
    expect(() => split(stream.subarray(at('moof')), 4096)).toThrow('before moov')
    const noise = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) % 251)
    expect(() => split(noise, 100)).toThrow('is damaged')
  })
})

it('reads a stream that says durations once in tfhd', () => {
  // Stream copies of constant rate use default_sample_duration; make one and compare its length.
  const path = clips.path('copy.mp4')
  const source = clips.path('real.mp4')
  execFileSync(clips.ffmpeg, [
    '-v',
    'error',
    '-y',
    '-i',
    source,
    '-an',
    '-c',
    'copy',
    '-movflags',
    'frag_keyframe+empty_moov+default_base_moof',
    path,
  ])
  const { init, fragments } = split(readFileSync(path), 4096)
  expect(init[0]!.mimeType).not.toContain('mp4a')
  const seconds = fragments.map(({ runs: [run] }) => run!.duration / run!.track.timescale)
  expect(seconds.reduce((sum, part) => sum + part, 0)).toBeCloseTo(2, 1)
})
