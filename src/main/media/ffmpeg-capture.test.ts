import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { fileFilter, openCamera, openFile } from './ffmpeg-capture'
import { planesOf, type I420Frame } from './i420'
import { Clips, eventually, isRunning } from './testing/clips'
import { CollectingSink } from './testing/collecting-sink'

const clips = new Clips()
afterAll(() => clips.remove())

const format = { width: 640, height: 360, fps: 30 }
const options = { ffmpegPath: clips.ffmpeg, format, unpaced: true }

async function drain(path: string, loop = false): Promise<CollectingSink> {
  const source = await openFile({ kind: 'file', path, loop }, options)
  expect(source.info).toMatchObject(format)
  return new CollectingSink(format.width, format.height).drain(source)
}

/** Luma of one pixel. */
function luma(frame: I420Frame | null, x: number, y: number): number {
  return frame!.data[y * frame!.width + x]!
}

describe('openFile gives the studio format', () => {
  it.each([
    ['as it is', '640x360', 30],
    ['an odd size', '321x243', 30],
    ['a tiny picture', '16x16', 30],
    ['25 fps', '320x180', 25],
    ['60 fps', '320x180', 60],
    ['5 fps', '320x180', 5],
    ['29.97 fps', '320x180', 29.97],
  ])('%s', async (_, size, fps) => {
    const clip = clips.make(
      ...['-f', 'lavfi', '-i', `testsrc=s=${size}:r=${fps}:d=2`, '-f', 'lavfi', '-i', 'sine=f=440:r=44100:d=2'],
      ...['-c:v', 'ffv1', '-c:a', 'pcm_s16le', `${size}-${fps}.mkv`],
    )
    const sink = await drain(clip)
    expect(sink.error).toBeUndefined()
    expect(sink.frames).toBeGreaterThanOrEqual(59)
    expect(sink.frames).toBeLessThanOrEqual(61)
    expect(sink.soundSeconds).toBeCloseTo(2, 1)
    expect(sink.peak).toBeGreaterThan(0)
  })

  it('a variable rate keeps its length', async () => {
    const clip = clips.make(
      ...['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=30:d=3', '-vf', "select='lt(t,1)+gte(t,1)*not(mod(n,7))'"],
      ...['-vsync', 'vfr', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', 'vfr.mkv'],
    )
    const sink = await drain(clip)
    // The last picture of the file is at 2.8 s; how long it stays is not said.
    expect(sink.frames).toBeGreaterThanOrEqual(85)
    expect(sink.frames).toBeLessThanOrEqual(91)
  })

  it('a rotated picture stands upright between bars', async () => {
    const plain = clips.make('-f', 'lavfi', '-i', 'color=white:s=320x180:r=30:d=1', '-c:v', 'libx264', 'wide.mp4')
    const turned = clips.make('-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=90', 'turned.mp4')
    const { last } = await drain(turned)
    expect(luma(last, 320, 180)).toBeGreaterThan(200)
    expect(luma(last, 100, 180)).toBe(16)
    expect(luma(last, 540, 180)).toBe(16)
  })

  it('a picture without sound gets silence, sample for frame', async () => {
    const sink = await drain(clips.testPicture('mute.mp4', '320x180', 30, 1, false))
    expect(sink.peak).toBe(0)
    expect(sink.soundBytes).toBe(sink.frames * 1600 * 4)
  })

  it('a picture that begins two seconds after the sound', async () => {
    const clip = clips.make(
      ...['-itsoffset', '2', '-f', 'lavfi', '-i', 'testsrc=s=320x180:r=30:d=1', '-f', 'lavfi', '-i', 'sine=d=3'],
      ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le', 'late.mkv'],
    )
    const sink = await drain(clip)
    expect(sink.frames).toBeGreaterThanOrEqual(89)
    expect(sink.soundSeconds).toBeCloseTo(3, 1)
  })

  it('colours of HD become BT.601', async () => {
    // Pure red has a luma of 63 in BT.709 and of 81 in BT.601 (limited range).
    const clip = clips.make(
      ...['-f', 'lavfi', '-i', 'color=red:s=1280x720:r=30:d=0.5', '-vf', 'scale=out_color_matrix=bt709,format=yuv420p'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-c:v', 'libx264', 'red.mp4'],
    )
    const { last } = await drain(clip)
    const { u, v } = planesOf(last!)
    expect(Math.abs(luma(last, 320, 180) - 81)).toBeLessThanOrEqual(2)
    expect(Math.abs(u[0]! - 90)).toBeLessThanOrEqual(2)
    expect(Math.abs(v[0]! - 240)).toBeLessThanOrEqual(2)
  })

  it('repeats a looped file without losing the clock', async () => {
    const clip = clips.testPicture('loop.mp4', '320x180', 30, 1)
    const source = await openFile({ kind: 'file', path: clip, loop: true }, options)
    const sink = new CollectingSink(format.width, format.height)
    source.start(sink)
    expect(await eventually(() => sink.frames >= 150, 20_000)).toBe(true)
    await source.close()
    // Sound and picture come by two pipes, so some frames of one may be ahead; what grows with each round would be drift.
    expect(Math.abs(sink.soundSeconds - sink.frames / 30)).toBeLessThan(0.5)
    expect(sink.error).toBeUndefined()
  })
})

describe('openFile refuses', () => {
  it.each([
    ['sound only', 'no-picture', () => clips.make('-f', 'lavfi', '-i', 'sine=d=1', 'tone.wav')],
    ['text', 'not-a-video', () => write('text.mp4', 'no video at all\n'.repeat(50))],
    ['a file that is cut off before its index', 'not-a-video', () => cut(0.5, [])],
    ['a missing file', 'file-missing', () => clips.path('nothing.mp4')],
  ])('%s', async (_, code, make) => {
    await expect(openFile({ kind: 'file', path: make(), loop: false }, options)).rejects.toMatchObject({
      name: 'StudioError',
      code,
    })
  })

  it('nothing of a file that is cut off behind its index: what there is plays, then it ends', async () => {
    const sink = await drain(cut(0.5, ['-movflags', '+faststart']))
    expect(sink.frames).toBeGreaterThan(10)
    expect(sink.frames).toBeLessThan(60)
  })
})

describe('the running program', () => {
  it('waits while the sink has no frame, and loses none', async () => {
    const source = await openFile(
      { kind: 'file', path: clips.testPicture('w.mp4', '640x360', 30, 2), loop: false },
      options,
    )
    const sink = new CollectingSink(format.width, format.height)
    sink.onFrame = () => {
      if (sink.frames === 20) sink.stall(true)
    }
    source.start(sink)
    expect(await eventually(() => sink.frames === 21)).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sink.frames).toBe(21)
    sink.stall(false)
    await sink.done
    expect(sink.frames).toBe(60)
  })

  it('ends with a sentence when it is killed', async () => {
    const path = clips.testPicture('k.mp4', '320x180', 30, 5)
    const source = await openFile({ kind: 'file', path, loop: false }, { ...options, unpaced: false })
    const sink = new CollectingSink(format.width, format.height)
    sink.onFrame = () => {
      if (sink.frames === 5) process.kill(pidOf(source), 'SIGKILL')
    }
    await sink.drain(source)
    expect(sink.error).toMatchObject({ name: 'StudioError', code: 'source-failed' })
  })

  it('is gone after close', async () => {
    const path = clips.testPicture('c.mp4', '320x180', 30, 5)
    const source = await openFile({ kind: 'file', path, loop: true }, { ...options, unpaced: false })
    const pid = pidOf(source)
    expect(isRunning(pid)).toBe(true)
    await source.close()
    expect(isRunning(pid)).toBe(false)
  })
})

describe('openCamera', () => {
  it('says what to do when there is none, or not that one', async () => {
    const none = { ...options, devices: { platform: 'linux' as const, root: clips.path('no-devices') } }
    await expect(openCamera({ kind: 'camera' }, none)).rejects.toMatchObject({
      code: 'camera-missing',
      message: 'No camera was found. Plug one in, or choose a video file or the demo presenter.',
    })
    const one = { ...options, devices: { platform: 'linux' as const, root: await fakeDevices() } }
    await expect(openCamera({ kind: 'camera', device: 'Studio X' }, one)).rejects.toMatchObject({
      code: 'camera-missing',
      message: 'There is no camera "Studio X". Choose one of these: Webcam.',
    })
  })

  it('tries all ways and names the camera that cannot be opened', async () => {
    const devices = { platform: 'linux' as const, root: await fakeDevices() }
    await expect(openCamera({ kind: 'camera' }, { ...options, devices })).rejects.toMatchObject({
      code: 'camera-failed',
      message: expect.stringContaining('"Webcam"') as string,
    })
  })

  it('gives up on a camera that hangs', async () => {
    const devices = { platform: 'linux' as const, root: await fakeDevices() }
    const opened = openCamera(
      { kind: 'camera' },
      { ...options, ffmpegPath: fake('exec sleep 60'), devices, firstPictureMs: 300 },
    )
    await expect(opened).rejects.toMatchObject({ code: 'camera-silent' })
  })

  it('delivers frames, tries again without sound, and says when the camera is unplugged', async () => {
    const devices = { platform: 'linux' as const, root: await fakeDevices(true) }
    // Stands for v4l2: the arguments before "-map" are those of the device, so another input takes their place.
    const script = `case "$*" in *alsa*) echo "cannot open audio device default" >&2; exit 1;; esac
while [ "$1" != "-map" ]; do shift; done
exec "${clips.ffmpeg}" -v error -nostdin -f lavfi -i testsrc=s=320x240:r=30:d=1 "$@"`
    const source = await openCamera({ kind: 'camera' }, { ...options, ffmpegPath: fake(script), devices })
    expect(source.info).toMatchObject({ label: 'Webcam', hasAudio: false, ...format })
    const sink = await new CollectingSink(format.width, format.height).drain(source)
    expect(sink.frames).toBe(30)
    expect(sink.soundBytes).toBe(30 * 1600 * 4)
  })
})

it('fileFilter lowers the rate before it scales and raises it after', () => {
  const video = { codec: '', codedWidth: 640, codedHeight: 480, width: 640, height: 480, rotation: 0, pixelFormat: '' }
  const filter = (fps: number): string => fileFilter({ ...video, fps, matrix: 'unknown' }, format)
  expect(filter(60)).toMatch(/^fps=.*,scale=480:360.*pad=640:360:80:0$/)
  expect(filter(25)).toMatch(/^scale=.*,fps=fps=30:start_time=0$/)
})

function write(name: string, text: string): string {
  writeFileSync(clips.path(name), text)
  return clips.path(name)
}

/** The beginning of an MP4. */
function cut(share: number, flags: string[]): string {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=30:d=2', '-c:v', 'libx264', '-g', '15']
  const whole = clips.make(...picture, '-pix_fmt', 'yuv420p', ...flags, 'whole.mp4')
  const bytes = readFileSync(whole)
  writeFileSync(clips.path('cut.mp4'), bytes.subarray(0, Math.floor(bytes.length * share)))
  return clips.path('cut.mp4')
}

function fake(script: string): string {
  const path = clips.path(`fake-ffmpeg-${Math.random().toString(36).slice(2)}.sh`)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

async function fakeDevices(microphone = false): Promise<string> {
  const root = clips.path('devices')
  await mkdir(`${root}/sys/class/video4linux/video97`, { recursive: true })
  await writeFile(`${root}/sys/class/video4linux/video97/name`, 'Webcam\n')
  await mkdir(`${root}/proc/asound`, { recursive: true })
  await writeFile(`${root}/proc/asound/pcm`, microphone ? '00-00: USB : USB : capture 1\n' : '')
  return root
}

function pidOf(source: unknown): number {
  return (source as { child: { pid: number } }).child.pid
}
