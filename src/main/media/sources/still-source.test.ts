import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { I420Frame } from '../i420'
import { Clips, eventually } from '../testing/clips'
import { CollectingSink } from '../testing/collecting-sink'
import { openPicture } from './still-source'

const clips = new Clips()
afterAll(() => clips.remove())
const format = { width: 320, height: 180, fps: 30 }

async function shown(path: string): Promise<CollectingSink> {
  const source = await openPicture({ kind: 'picture', path }, { ffmpegPath: clips.ffmpeg, format })
  expect(source.info).toMatchObject({ ...format, hasAudio: false })
  const sink = new CollectingSink(format.width, format.height)
  source.start(sink)
  await eventually(() => sink.frames >= 3)
  await source.close()
  return sink
}

function luma(frame: I420Frame | null, x: number, y: number): number {
  return frame!.data[y * 320 + x]!
}

/** A picture whose upper half is white and whose lower half is black. */
function halves(name: string, size: string): string {
  return clips.make(
    '-f',
    'lavfi',
    '-i',
    `color=white:s=${size}`,
    '-vf',
    'drawbox=y=ih/2:c=black:t=fill',
    '-frames:v',
    '1',
    name,
  )
}

describe('a picture as a source', () => {
  it.each([
    ['larger than the frame', '1600x900'],
    ['smaller than the frame', '64x36'],
    ['of an odd size', '1281x721'],
  ])('%s fills it, upright', async (_, size) => {
    const { last } = await shown(halves(`${size}.png`, size))
    expect([luma(last, 160, 20), luma(last, 160, 160)]).toEqual([235, 16])
    expect([luma(last, 2, 20), luma(last, 317, 20)]).toEqual([235, 235])
  })

  it.each([
    ['tall', '300x600', [160, 20], [20, 20]],
    ['wide', '1200x200', [20, 70], [20, 20]],
  ])('a %s one stands between bars', async (_, size, inside, outside) => {
    const { last } = await shown(halves(`${size}.png`, size))
    expect(luma(last, inside[0]!, inside[1]!)).toBeGreaterThan(225)
    expect(luma(last, outside[0]!, outside[1]!)).toBe(16)
  })

  it('is turned as a phone has noted in it', async () => {
    const jpeg = await readFile(halves('phone.jpg', '640x360'))
    // EXIF with one entry: orientation 6, the first row belongs to the right.
    const tiff = Buffer.from('49492a00080000000100120103000100000006000000000000000000', 'hex')
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
    const head = Buffer.from([0xff, 0xe1, 0, body.length + 2])
    writeFileSync(clips.path('phone6.jpg'), Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]))
    const { last } = await shown(clips.path('phone6.jpg'))
    // 180 high is 101 wide: the white half at the right, bars beside.
    expect([20, 130, 190, 300].map((x) => (luma(last, x, 90) > 128 ? 'white' : 'dark'))).toEqual([
      'dark',
      'dark',
      'white',
      'dark',
    ])
  })

  it('keeps the rate and gives silence, sample for slot', async () => {
    const source = await openPicture(
      { kind: 'picture', path: halves('rate.png', '320x180') },
      { ffmpegPath: clips.ffmpeg, format },
    )
    const sink = new CollectingSink(format.width, format.height)
    const begun = performance.now()
    source.start(sink)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const isInTime = (): boolean => Math.abs(sink.frames + sink.lost - (performance.now() - begun) * 0.03) < 8
    expect(await eventually(isInTime)).toBe(true)
    await source.close()
    const slots = sink.frames + sink.lost
    expect([sink.soundBytes, sink.peak]).toEqual([slots * 1600 * 4, 0])
  })
})
