import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { beautifyFile, type BeautifyProgress } from './beautify-file'
import { readFrameTimes } from './frame-times'
import { probeVideo } from './probe'
import { CHECKING_FFMPEG, Clips, complaints, sound } from './testing/clips'

const modelsDir = fileURLToPath(new URL('../../../resources/models', import.meta.url))
const clips = new Clips()
afterAll(() => clips.remove())

const SETTINGS = { beauty: DEFAULT_BEAUTY, effects: DEFAULT_EFFECTS }
const never = new AbortController().signal

function beautify(input: string, output: string, more: Partial<Parameters<typeof beautifyFile>[0]> = {}) {
  return beautifyFile({
    ...{ input, output: clips.path(output), settings: SETTINGS, modelsDir, ffmpegPath: clips.ffmpeg },
    ...{ signal: never, ...more },
  })
}

/** Seconds at which each picture of a file is shown. */
async function times(path: string): Promise<number[]> {
  const { ticks, timescale } = await readFrameTimes(clips.ffmpeg, path, never)
  return ticks.map((tick) => Math.round((tick / timescale) * 1e4) / 1e4)
}

/** Checksums of the packets of the sound, as they lie in the file. */
function soundPackets(path: string): string[] {
  const run = spawnSync(CHECKING_FFMPEG, [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a',
    '-c',
    'copy',
    '-f',
    'framemd5',
    '-',
  ])
  const lines = run.stdout.toString().split('\n')
  return lines.filter((line) => line && !line.startsWith('#')).map((line) => line.split(',').at(-1)!.trim())
}

describe('a video', () => {
  it.each(['mp4', 'mov', 'mkv', 'webm'])('keeps pictures, times and length as %s', async (ending) => {
    const input = clips.testPicture('plain.mp4', '320x180', 25, 2)
    const progress: BeautifyProgress[] = []
    const result = await beautify(input, `plain-out.${ending}`, { onProgress: (step) => progress.push(step) })
    expect(result).toEqual({ frames: 50, width: 320, height: 180, withFaces: 0 })
    const output = clips.path(`plain-out.${ending}`)
    // Matroska begins at 0 with the sound, which AAC and Opus start some ms before the picture.
    const [first = 0, ...rest] = await times(output)
    expect(first).toBeLessThan(0.03)
    rest.forEach((at, i) => expect(Math.abs(at - first - (i + 1) / 25)).toBeLessThan(0.0011))
    expect(rest).toHaveLength(49)
    expect(complaints(output)).toBe('')
    expect(Math.abs((await probeVideo(clips.ffmpeg, output)).durationMs! - 2000)).toBeLessThan(60)
    expect(progress.at(-1)).toEqual({ frames: 50, total: 50 })
    if (ending === 'webm') expect(sound(output).length).toBeGreaterThan(90_000)
    // The first packet carries a note of its priming in one of the two containers.
    else expect(soundPackets(output).slice(1)).toEqual(soundPackets(input).slice(1))
  })

  it('of a variable rate keeps the time of every picture', async () => {
    const input = clips.make(
      ...['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=30:d=2', '-vf', "select='not(mod(n,3))+eq(n,4)+gt(n,40)*mod(n,2)'"],
      ...['-vsync', 'vfr', '-c:v', 'ffv1', 'vfr.mkv'],
    )
    const before = await times(input)
    expect(new Set(before.slice(1).map((at, i) => Math.round((at - before[i]!) * 30))).size).toBeGreaterThan(1)
    const result = await beautify(input, 'vfr.mp4')
    expect(result.frames).toBe(before.length)
    const after = await times(clips.path('vfr.mp4'))
    after.forEach((at, i) => expect(Math.abs(at - before[i]!)).toBeLessThan(0.001))
  })

  it('of 29.97 pictures a second stays exactly that', async () => {
    const input = clips.testPicture('ntsc.mp4', '160x120', 30000 / 1001, 1)
    await beautify(input, 'ntsc-out.mp4')
    expect(await times(clips.path('ntsc-out.mp4'))).toEqual(await times(input))
    expect((await probeVideo(clips.ffmpeg, clips.path('ntsc-out.mp4'))).video.fps).toBe(29.97)
  })

  it('keeps the distance between sound and picture', async () => {
    const plain = clips.testPicture('both.mp4', '160x120', 25, 1)
    const input = clips.path('late.mkv')
    const maps = ['-map', '0:v', '-map', '1:a', '-c', 'copy']
    execFileSync(clips.ffmpeg, ['-v', 'error', '-itsoffset', '0.48', '-i', plain, '-i', plain, ...maps, input])
    await beautify(input, 'late-out.mp4')
    expect((await times(clips.path('late-out.mp4')))[0]).toBeCloseTo((await times(input))[0]!, 2)
    expect((await times(input))[0]).toBeGreaterThan(0.4)
  })

  it('of an odd size loses the odd column and row', async () => {
    const input = clips.make(
      ...['-f', 'lavfi', '-i', 'testsrc=s=321x243:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'],
      ...['-c:v', 'ffv1', '-c:a', 'pcm_s16le', 'odd.mkv'],
    )
    expect(await beautify(input, 'odd.mp4')).toMatchObject({ frames: 10, width: 320, height: 242 })
    const { video, audio } = await probeVideo(clips.ffmpeg, clips.path('odd.mp4'))
    expect([video.width, video.height, audio?.codec]).toEqual([320, 242, 'aac'])
    expect(sound(clips.path('odd.mp4')).length).toBeGreaterThan(0.4 * 48_000 - 100)
  })

  it('that is rotated comes out upright', async () => {
    const plain = clips.testPicture('wide.mp4', '320x180', 25, 0.4, false)
    const input = clips.make('-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=90', 'turned.mp4')
    expect(await beautify(input, 'turned-out.mp4')).toMatchObject({ frames: 10, width: 180, height: 320 })
    const { video } = await probeVideo(clips.ffmpeg, clips.path('turned-out.mp4'))
    expect(video).toMatchObject({ width: 180, height: 320, rotation: 0 })
  })

  it('leaves nothing behind when it is stopped', async () => {
    const input = clips.testPicture('stopped.mp4', '320x180', 30, 10, false)
    const abort = new AbortController()
    const work = beautify(input, 'stopped-out.mp4', {
      signal: abort.signal,
      onProgress: ({ frames }) => {
        if (frames === 3) abort.abort(new Error('enough'))
      },
    })
    await expect(work).rejects.toThrow('enough')
    expect(leftovers('stopped-out')).toEqual([])
  })

  it('is refused in plain words, and nothing is left behind', async () => {
    const input = clips.testPicture('fine.mp4', '160x120', 25, 0.4, false)
    await expect(beautify(input, 'fine.mp4')).rejects.toMatchObject({ code: 'same-file' })
    await expect(beautify(input, 'fine.avi')).rejects.toMatchObject({ code: 'unsupported-output' })
    await expect(beautify(clips.path('nothing.mp4'), 'x.mp4')).rejects.toMatchObject({ code: 'file-missing' })
    writeFileSync(clips.path('text.mp4'), 'text\n'.repeat(100))
    await expect(beautify(clips.path('text.mp4'), 'x.mp4')).rejects.toMatchObject({ code: 'not-a-video' })
    await expect(beautify(input, 'no-folder/x.mp4')).rejects.toMatchObject({ code: 'video-failed' })
    await expect(beautify(input, 'x.mp4', { modelsDir: '/nowhere' })).rejects.toMatchObject({ code: 'models-missing' })
    expect(leftovers('x.mp4')).toEqual([])
    expect(existsSync(clips.path('fine.mp4'))).toBe(true)
  })
})

describe('a picture', () => {
  it('without a face comes out as it went in', async () => {
    const input = clips.make('-f', 'lavfi', '-i', 'testsrc=s=161x121:d=1', '-frames:v', '1', 'still.png')
    expect(await beautify(input, 'still-out.png')).toEqual({ frames: 1, width: 161, height: 121, withFaces: 0 })
    const pixels = (path: string): string =>
      spawnSync(clips.ffmpeg, ['-v', 'error', '-i', path, '-f', 'md5', '-']).stdout.toString()
    expect(pixels(clips.path('still-out.png'))).toBe(pixels(input))
  })
})

function leftovers(name: string): string[] {
  return readdirSync(dirname(join(clips.folder, 'x'))).filter((file) => file.includes(name))
}
