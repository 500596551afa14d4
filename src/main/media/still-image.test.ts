import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RgbImage } from './i420'
import { decodeStill, encodeStill, isStillName } from './still-image'

const context = { ffmpegPath: ffmpeg.path, signal: new AbortController().signal }
/** Odd sizes on purpose. */
const picture: RgbImage = {
  width: 37,
  height: 21,
  data: Uint8Array.from({ length: 37 * 21 * 3 }, (_, i) => 100 + (i % 3) * 40 + Math.floor(i / 111)),
}

describe('still pictures', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'we-still-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const at = (name: string): string => join(folder, name)

  it('come back from PNG exactly, whatever the name', async () => {
    const path = at("50 %d [it's].png")
    await encodeStill(path, picture, context)
    const again = await decodeStill(path, context)
    expect(again).toMatchObject({ width: 37, height: 21 })
    expect(Buffer.from(again.data).equals(picture.data)).toBe(true)
  })

  it('come back from JPEG closely, also under a wrong name', async () => {
    await encodeStill(at('a.JPG'), picture, context)
    await writeFile(at('really-a-jpeg.png'), await readFile(at('a.JPG')))
    const again = await decodeStill(at('really-a-jpeg.png'), context)
    again.data.forEach((value, i) => expect(Math.abs(value - picture.data[i]!)).toBeLessThan(8))
  })

  it('stand upright as EXIF says', async () => {
    await encodeStill(at('flat.jpg'), picture, context)
    const jpeg = await readFile(at('flat.jpg'))
    const exif = Buffer.from('ffe1002245786966000049492a00080000000100120103000100000006000000' + '00000000', 'hex')
    await writeFile(at('turned.jpg'), Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]))
    expect(await decodeStill(at('turned.jpg'), context)).toMatchObject({ width: 21, height: 37 })
  })

  it('are refused in plain words when they are none', async () => {
    await writeFile(at('words.png'), 'these are words')
    await writeFile(at('empty.jpg'), '')
    await encodeStill(at('whole.png'), picture, context)
    await writeFile(at('half.png'), (await readFile(at('whole.png'))).subarray(0, 60))
    for (const name of ['words.png', 'empty.jpg', 'half.png']) {
      await expect(decodeStill(at(name), context)).rejects.toMatchObject({ code: 'not-a-picture' })
    }
    await expect(decodeStill(at('absent.png'), context)).rejects.toMatchObject({ code: 'file-missing' })
    await expect(decodeStill(folder, context)).rejects.toMatchObject({ code: 'file-unreadable' })
  })

  it('are written whole or not at all', async () => {
    await expect(encodeStill(at('a.gif'), picture, context)).rejects.toMatchObject({ code: 'picture-format' })
    await expect(encodeStill(at('no/such/a.png'), picture, context)).rejects.toMatchObject({ code: 'not-written' })
    const short = { ...picture, data: picture.data.subarray(0, 100) }
    await expect(encodeStill(at('short.png'), short, context)).rejects.toMatchObject({ code: 'not-written' })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(encodeStill(at('aborted.png'), picture, { ...context, signal })).rejects.toThrow('enough')
    expect((await readdir(folder)).filter((name) => /short|aborted|part/.test(name))).toEqual([])
  })

  it('need ffmpeg', async () => {
    const broken = { ...context, ffmpegPath: '/nonexistent/ffmpeg' }
    await expect(encodeStill(at('b.png'), picture, broken)).rejects.toMatchObject({ code: 'ffmpeg-missing' })
  })

  it('tells which names can be written', () => {
    expect(['a.png', 'A.JPEG', 'b.jpg', 'c.mp4', 'd'].map(isStillName)).toEqual([true, true, true, false, false])
  })
})
