import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ffmpegPath } from '../main/media/ffmpeg-path'
import { beautifyCommand } from './beautify'
import type { LookArgs } from './look'

const folder = mkdtempSync(join(tmpdir(), 'we-beautify-'))
const [input, output] = [join(folder, 'in.mp4'), join(folder, 'out.mp4')]
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(() => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=25:d=1', '-pix_fmt', 'yuv420p']
  execFileSync(ffmpegPath(), ['-v', 'error', '-nostdin', ...picture, input])
})

async function run(json: boolean, signal = new AbortController().signal, look: LookArgs = {}) {
  const lines: string[] = []
  const log: string[] = []
  const code = await beautifyCommand(
    { input, output, person: { beauty: ['smooth=0.5'] }, look, json },
    {
      modelsDir: fileURLToPath(new URL('../../resources/models', import.meta.url)),
      ffmpegPath: ffmpegPath(),
      signal,
      out: (line) => lines.push(line),
      log: (line) => log.push(line),
    },
  )
  return { code, lines, log }
}

it('prints events with --json, the last one "ended"', async () => {
  const { code, lines, log } = await run(true)
  const events = lines.map((line) => JSON.parse(line) as { event: string; frames: number })
  expect(code).toBe(0)
  expect(events.at(-1)).toEqual({ event: 'ended', frames: 25, width: 320, height: 180, withFaces: 0 })
  expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true)
  expect(events.at(-2)).toMatchObject({ frames: 25, total: 25 })
  expect(log).toEqual([])
  expect(existsSync(output)).toBe(true)
})

it('without it keeps progress out of stdout', async () => {
  const { lines, log } = await run(false)
  expect(lines).toEqual([`${output}: 25 pictures, 320x180, face on 0`])
  expect(log.at(-1)).toBe('25 of 25 pictures (100 %)')
})

it('colours the whole picture with --look, or --cube, and darkens the corners with --vignette', async () => {
  const colour = (): number => {
    const raw = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1']
    const chroma = execFileSync(ffmpegPath(), ['-v', 'error', '-i', output, ...raw]).subarray(320 * 180)
    return chroma.reduce((sum, value) => sum + Math.abs(value - 128), 0) / chroma.length
  }
  await run(true)
  expect(colour()).toBeGreaterThan(10)
  await run(true, undefined, { look: 'noir', vignette: 1 })
  expect(colour()).toBeLessThan(1)
  const cube = join(folder, 'grey.cube')
  writeFileSync(cube, 'LUT_3D_SIZE 2\n' + '0.5 0.5 0.5\n'.repeat(8))
  await run(true, undefined, { cube })
  expect(colour()).toBeLessThan(1)
})

it('refuses an unknown look, two at once, and a file that is no table', async () => {
  await expect(run(true, undefined, { look: 'pink' })).rejects.toMatchObject({ code: 'usage' })
  await expect(run(true, undefined, { look: 'noir', cube: 'x.cube' })).rejects.toMatchObject({ code: 'usage' })
  await expect(run(true, undefined, { cube: input })).rejects.toMatchObject({ code: 'bad-cube' })
})

it('ends at once when it was stopped before', async () => {
  await expect(run(true, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
