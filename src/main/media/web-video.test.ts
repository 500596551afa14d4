import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ffmpegPath } from './ffmpeg-path'
import { runFfmpeg } from './ffmpeg-process'
import { probeFile, probeVideo } from './probe'
import { grabCover, makeWebVideo, webReadiness } from './web-video'

const dir = mkdtempSync(join(tmpdir(), 'we-web-video-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const ffmpeg = ffmpegPath()

/** A second of picture and sound. */
async function clip(name: string, ...coding: string[]): Promise<string> {
  const path = join(dir, name)
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10', '-f', 'lavfi', '-i', 'sine=frequency=300']
  const { code, stderr } = await runFfmpeg(ffmpeg, ['-y', ...source, '-t', '1', ...coding, path])
  expect(code, stderr).toBe(0)
  return path
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']

test('files that browsers play at once stay as they are, other wrappings are changed, other codecs encoded anew', async () => {
  const files = {
    'front.mp4': await clip('front.mp4', ...H264, '-movflags', '+faststart'),
    'back.mp4': await clip('back.mp4', ...H264),
    'phone.mov': await clip('phone.mov', ...H264),
    'wrapped.mkv': await clip('wrapped.mkv', ...H264),
    'web.webm': await clip('web.webm', '-c:v', 'libvpx', '-c:a', 'libopus'),
    'old.avi': await clip('old.avi', '-c:v', 'mpeg4', '-c:a', 'mp3'),
  }
  const found: Record<string, string> = {}
  for (const [name, path] of Object.entries(files)) {
    found[name] = await webReadiness(path, await probeVideo(ffmpeg, path))
  }
  expect(found).toEqual({
    'front.mp4': 'as-is',
    'back.mp4': 'rewrap-mp4',
    'phone.mov': 'rewrap-mp4',
    'wrapped.mkv': 'rewrap-mp4',
    'web.webm': 'as-is',
    'old.avi': 'convert',
  })
  for (const name of ['wrapped.mkv', 'old.avi'] as const) {
    const probe = await probeVideo(ffmpeg, files[name])
    const [output, steps] = [join(dir, `${name}.mp4`), [] as number[]]
    const how = found[name] as 'rewrap-mp4' | 'convert'
    await makeWebVideo({
      ...{ ffmpegPath: ffmpeg, input: files[name], output, probe, how },
      ...{ signal: new AbortController().signal, onProgress: (done: number) => steps.push(done) },
    })
    const made = await probeVideo(ffmpeg, output)
    expect(await webReadiness(output, made)).toBe('as-is')
    expect([made.video.width, made.video.height]).toEqual([160, 90])
    expect(steps.at(-1)).toBeGreaterThan(0.7)
  }
})

test('a cover is of the moment that was chosen, and the first picture where the video has ended', async () => {
  const input = await clip('cover.mp4', ...H264)
  const output = join(dir, 'cover.jpg')
  for (const atMs of [500, 60_000]) {
    await grabCover({ ffmpegPath: ffmpeg, input, output, atMs, size: { width: 160, height: 90 } })
    const { stderr } = await runFfmpeg(ffmpeg, ['-i', output])
    expect(stderr).toMatch(/mjpeg.*160x90/)
  }
  await expect(probeFile(ffmpeg, output)).rejects.toMatchObject({ code: 'not-a-video' })
})
