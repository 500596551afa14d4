import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ffmpegPath } from './ffmpeg-path'
import { parseProbe, probeFile, probeVideo } from './probe'

const ffmpeg = ffmpegPath()
let folder: string
const file = (name: string): string => join(folder, name)
const make = (...args: string[]): Buffer => execFileSync(ffmpeg, ['-v', 'error', '-y', ...args])

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'))
  make(
    ...['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1:r=44100'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-colorspace', 'bt709', '-c:a', 'aac', file('plain.mp4')],
  )
  make('-i', file('plain.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', file('turned.mp4'))
  make('-f', 'lavfi', '-i', 'testsrc=s=321x243:r=30000/1001:d=1', '-c:v', 'ffv1', file('odd.mkv'))
  make('-f', 'lavfi', '-i', 'sine=d=1', file('sound.wav'))
  make('-f', 'lavfi', '-i', 'color=red:s=64x64:d=1', '-frames:v', '1', file('cover.jpg'))
  make('-i', file('sound.wav'), '-i', file('cover.jpg'), '-map', '0', '-map', '1', '-c:v', 'copy', file('song.mp3'))
  writeFileSync(file('text.mp4'), 'This is no video.\n'.repeat(100))
  writeFileSync(file('list.m3u8'), '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nplain.mp4\n#EXT-X-ENDLIST\n')
  writeFileSync(file('empty.mp4'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('probeFile', () => {
  it('reads size, rate, duration, colour and sound', async () => {
    const probe = await probeFile(ffmpeg, file('plain.mp4'))
    expect(probe.video).toMatchObject({ codec: 'h264', width: 320, height: 240, fps: 25, rotation: 0, matrix: 'bt709' })
    expect(probe.video?.pixelFormat).toBe('yuv420p')
    expect(probe.audio).toMatchObject({ codec: 'aac', rate: 44100, layout: 'mono' })
    expect(probe.durationMs).toBeGreaterThanOrEqual(1000)
    expect(probe.durationMs).toBeLessThan(1100)
  })

  it('swaps the sides of a rotated picture', async () => {
    const { video } = await probeVideo(ffmpeg, file('turned.mp4'))
    expect(video).toMatchObject({ codedWidth: 320, codedHeight: 240, width: 240, height: 320 })
    expect([90, 270]).toContain(video.rotation)
  })

  it('keeps odd sizes and broken rates', async () => {
    const { video, audio } = await probeVideo(ffmpeg, file('odd.mkv'))
    expect(video).toMatchObject({ width: 321, height: 243, fps: 29.97 })
    expect(audio).toBeNull()
  })

  it.each(['text.mp4', 'empty.mp4', 'list.m3u8'])('refuses %s in plain words', async (name) => {
    await expect(probeFile(ffmpeg, file(name))).rejects.toMatchObject({
      name: 'StudioError',
      code: 'not-a-video',
      message: expect.stringMatching(/cannot be used as a video: .+\. Choose/) as string,
    })
  })

  it('refuses a folder and a missing file', async () => {
    await expect(probeFile(ffmpeg, folder)).rejects.toMatchObject({ code: 'not-a-video' })
    await expect(probeFile(ffmpeg, file('nothing.mp4'))).rejects.toMatchObject({ code: 'file-missing' })
  })

  it('tells sound alone from a video', async () => {
    await expect(probeVideo(ffmpeg, file('sound.wav'))).rejects.toMatchObject({ code: 'no-picture' })
    await expect(probeVideo(ffmpeg, file('song.mp3'))).rejects.toMatchObject({ code: 'no-picture' })
  })

  it('says that the program is missing', async () => {
    await expect(probeFile('/nowhere/ffmpeg', file('plain.mp4'))).rejects.toMatchObject({ code: 'ffmpeg-missing' })
  })
})

describe('parseProbe', () => {
  it('makes pixels square and ignores covers', () => {
    const probe = parseProbe(`Input #0, matroska,webm, from 'x':
  Duration: 01:02:03.50, start: 0.000000, bitrate: 1 kb/s
    Stream #0:0: Video: mjpeg, yuvj420p(pc, bt470bg/unknown/unknown), 500x500 [SAR 1:1 DAR 1:1], 90k tbr (attached pic)
    Stream #0:1(eng): Video: h264 (High), yuv420p(tv, smpte170m/bt709/bt709, progressive), 720x576 [SAR 64:45 DAR 16:9], 25 fps, 25 tbr, 1k tbn
    Stream #0:2: Audio: pcm_s16le, 48000 Hz, 5.1(side), s16, 1536 kb/s`)
    expect(probe?.video).toMatchObject({ width: 1024, height: 576, codedWidth: 720, matrix: 'bt601', codec: 'h264' })
    expect(probe?.audio?.layout).toBe('5.1(side)')
    expect(probe?.durationMs).toBe(3_723_500)
  })

  it('is null for what ffmpeg could not open', () => {
    expect(parseProbe('x.txt: Invalid data found when processing input')).toBeNull()
    expect(parseProbe("Input #0, mp3, from 'x':\n  Duration: N/A\n")).toBeNull()
  })
})
