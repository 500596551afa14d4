import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../scripts/models.mjs'
import { drawFacesRgb } from '../main/media/face/drawn-face'
import { encodeStill } from '../main/media/still-image'
import { faceCommand } from './face'

describe('we face', () => {
  let folder: string
  let modelsDir: string
  const signal = new AbortController().signal
  beforeAll(async () => {
    modelsDir = await ensureModels()
    folder = await mkdtemp(join(tmpdir(), 'we-face-'))
    const context = { ffmpegPath: ffmpeg.path, signal }
    const one = drawFacesRgb(400, [{ x: 200, y: 190, height: 200 }])
    await encodeStill(join(folder, 'one.jpg'), one, context)
    await encodeStill(join(folder, 'none.png'), drawFacesRgb(100, []), context)
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function run(name: string, json: boolean): Promise<{ code: number; lines: string[] }> {
    const lines: string[] = []
    const out = (line: string): void => void lines.push(line)
    const context = { modelsDir, ffmpegPath: ffmpeg.path, signal, out }
    return { code: await faceCommand({ image: join(folder, name), json }, context), lines }
  }

  it('prints one JSON object', async () => {
    const { code, lines } = await run('one.jpg', true)
    expect(code).toBe(0)
    expect(lines).toHaveLength(1)
    const result = JSON.parse(lines[0]!) as {
      width: number
      height: number
      faces: { score: number; box: number[]; points: number[][] }[]
    }
    expect(result).toMatchObject({ width: 400, height: 400 })
    expect(result.faces).toHaveLength(1)
    const [face] = result.faces
    expect(face!.score).toBeGreaterThan(0.5)
    expect(face!.box).toHaveLength(4)
    expect(face!.points).toHaveLength(468)
    expect(face!.points.every((point) => point.length === 3 && point.every(Number.isFinite))).toBe(true)
    expect(Math.hypot(face!.points[13]![0]! - 200, face!.points[13]![1]! - 246)).toBeLessThan(12)
  })

  it('takes no face for a success', async () => {
    expect(await run('none.png', true)).toEqual({ code: 0, lines: ['{"width":100,"height":100,"faces":[]}'] })
  })

  it('tells a person in words', async () => {
    const { lines } = await run('one.jpg', false)
    expect(lines[0]).toBe('400x400: 1 face')
    expect(lines[1]).toMatch(/^ {2}1\. \d+x\d+ at \d+,\d+ \(\d+ % sure\)$/)
  })

  it('refuses a file that is no picture', async () => {
    await writeFile(join(folder, 'words.txt'), 'no picture')
    await expect(run('words.txt', true)).rejects.toMatchObject({ code: 'not-a-picture' })
  })
})
