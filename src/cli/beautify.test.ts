import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ffmpegPath } from '../main/media/ffmpeg-path'
import { beautifyCommand } from './beautify'

const folder = mkdtempSync(join(tmpdir(), 'we-beautify-'))
const [input, output] = [join(folder, 'in.mp4'), join(folder, 'out.mp4')]
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(() => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=25:d=1', '-pix_fmt', 'yuv420p']
  execFileSync(ffmpegPath(), ['-v', 'error', '-nostdin', ...picture, input])
})

async function run(json: boolean, signal = new AbortController().signal) {
  const lines: string[] = []
  const log: string[] = []
  const code = await beautifyCommand(
    { input, output, smooth: 0.5, look: {}, json },
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

it('ends at once when it was stopped before', async () => {
  await expect(run(true, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
