import { execFileSync } from 'node:child_process'
import { afterEach, expect, test, vi } from 'vitest'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { FfmpegProcess } from '../../src/main/media/ffmpeg-process'
import { AAC_CONFIG, AacMaker } from '../../src/main/relay/rtc/aac-maker'
import { adtsHeader } from '../../src/main/relay/rtc/adts'
import { OggWriter } from '../../src/main/relay/rtc/ogg-writer'
import { OpusMaker } from '../../src/main/relay/rtc/opus-maker'

const PATIENT = { timeout: 25_000, interval: 20 }
/** A tone that begins at half a second, in silence. */
const TONE = [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc='${Array(2).fill('0.5*sin(2*PI*1000*t)*gte(t,0.5)').join('|')}':s=48000:d=1`,
]
const makers: { close: () => void }[] = []

afterEach(() => makers.splice(0).forEach((maker) => maker.close()))

const ffmpeg = (args: string[], input?: Buffer): Buffer =>
  execFileSync(ffmpegPath(), ['-v', 'error', ...args, 'pipe:1'], { input, maxBuffer: 1 << 24 })
const start = (args: string[]): FfmpegProcess => new FfmpegProcess(ffmpegPath(), args)

/** When the tone begins in what a decoder gives out, milliseconds. */
function toneIn(format: string, bytes: Buffer): number {
  const pcm = ffmpeg(['-f', format, '-i', 'pipe:0', '-ac', '1', '-ar', '48000', '-f', 's16le'], bytes)
  for (let at = 0; at < pcm.length; at += 2) if (Math.abs(pcm.readInt16LE(at)) > 2000) return at / 96
  return NaN
}

function inOgg(packets: readonly Buffer[]): Buffer {
  const ogg = new OggWriter()
  return Buffer.concat([ogg.start(2), ...packets.map((packet) => ogg.write(packet, 960))])
}

function inAdts(frames: readonly Buffer[]): Buffer {
  const { of } = adtsHeader(AAC_CONFIG)!
  return Buffer.concat(frames.flatMap((data) => [of(data.length), data]))
}

test('sound is heard over WebRTC when it was made, to the millisecond', async () => {
  const adts = ffmpeg([...TONE, '-c:a', 'aac', '-f', 'adts'])
  const frames: Buffer[] = []
  for (let at = 0; at < adts.length; at += (adts.readUIntBE(at + 3, 3) >> 5) & 0x1fff) {
    frames.push(adts.subarray(at + 7, at + ((adts.readUIntBE(at + 3, 3) >> 5) & 0x1fff)))
  }
  const packets: { samples: number; data: Buffer }[] = []
  const maker = new OpusMaker(start, (packet) => packets.push(packet))
  makers.push(maker)
  for (const [i, frame] of frames.entries()) maker.take((i * 1024) / 48, frame, AAC_CONFIG)
  await vi.waitFor(() => expect(packets.length).toBeGreaterThanOrEqual(40), PATIENT)
  const heard = toneIn('ogg', inOgg(packets.map(({ data }) => data))) + packets[0]!.samples / 48
  expect(Math.abs(heard - toneIn('aac', adts))).toBeLessThan(1)
})

test('sound that came over WebRTC is heard when it was made, to the millisecond', async () => {
  const opus = ffmpeg([...TONE, '-map', '0:a', '-c:a', 'libopus', '-b:a', '128k', '-vbr', 'off', '-f', 'data'])
  const sent = Array.from({ length: Math.floor(opus.length / 320) }, (_, i) => opus.subarray(i * 320, i * 320 + 320))
  const frames: { ms: number; data: Buffer }[] = []
  const maker = new AacMaker(start, (frame) => frames.push(frame))
  makers.push(maker)
  for (const [i, packet] of sent.entries()) maker.take(i * 20, packet)
  await vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(40), PATIENT)
  const heard = toneIn('aac', inAdts(frames.map(({ data }) => data))) + frames[0]!.ms
  expect(Math.abs(heard - toneIn('ogg', inOgg(sent)))).toBeLessThan(1)
})
