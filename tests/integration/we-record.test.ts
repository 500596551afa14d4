import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { complaints } from '../../src/main/media/testing/clips'
import { we, type WeRun } from './we-command'

let folder = ''
let runs: WeRun[] = []
const broadcast = (...args: string[]): WeRun => {
  const run = we(
    ['broadcast', '--source', 'demo', '--title', 'Recorded', '--beautify', 'off', ...args, '--json'].concat([
      '--data',
      join(folder, 'anna'),
    ]),
    { WE_BEACON_DIR: join(folder, 'beacons') },
  )
  runs.push(run)
  return run
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-record-'))
  runs = []
})
afterEach(async () => {
  for (const run of runs) run.child.kill('SIGKILL')
  await Promise.all(runs.map((run) => run.exit))
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Decodes everything with Debian's ffmpeg: its complaints, and the pictures that came out. */
function decode(file: string): { complaints: string; frames: number; codecs: string[] } {
  const json = execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', file], {
    encoding: 'utf8',
  })
  const { streams } = JSON.parse(json) as { streams: { codec_name: string; nb_read_frames: string }[] }
  const frames = Number(streams.find(({ codec_name }) => codec_name === 'h264')?.nb_read_frames)
  return { complaints: complaints(file), frames, codecs: streams.map(({ codec_name }) => codec_name).sort() }
}

const published = (run: WeRun): number =>
  run.events.filter(({ event }) => event === 'segment').reduce((sum, { durationMs }) => sum + Number(durationMs), 0)

describe('we broadcast --record', () => {
  it('writes what goes out into a file that plays', async () => {
    const file = join(folder, 'show.mp4')
    const run = broadcast('--record', file, '--seconds', '3')
    expect(await run.exit).toBe(0)
    const recorded = run.events.find(({ event }) => event === 'recorded')
    expect(recorded).toMatchObject({ file })
    expect(Number(recorded?.['seconds'])).toBeGreaterThan(1)
    const { complaints, frames, codecs } = decode(file)
    expect(complaints).toBe('')
    expect(codecs).toEqual(['aac', 'h264'])
    // A busy computer may lose a picture here and there; then the one before lasts longer.
    expect(frames).toBeLessThanOrEqual(Math.round(Number(recorded?.['seconds']) * 30))
    expect(frames).toBeGreaterThan(Number(recorded?.['seconds']) * 15)
  })

  it('killed with SIGKILL, leaves a file that plays and lacks at most one segment', async () => {
    const file = join(folder, 'killed.mp4')
    const run = broadcast('--record', file)
    await run.next('segment', ({ seq }) => seq === 5)
    run.child.kill('SIGKILL')
    await run.exit
    const { complaints, frames } = decode(file)
    expect(complaints).toBe('')
    expect(frames).toBeGreaterThanOrEqual(Math.round(((published(run) - 500) * 15) / 1000))
    expect(frames).toBeGreaterThanOrEqual(5 * 8)
  })

  it('is refused before anyone is told of a live when the file cannot be made', async () => {
    writeFileSync(join(folder, 'mine.mp4'), 'mine')
    for (const [file, code] of [
      [join(folder, 'mine.mp4'), 'file-exists'],
      [join(folder, 'no/show.mp4'), 'no-such-folder'],
      [join(folder, 'show.avi'), 'bad-target'],
    ] as const) {
      const run = broadcast('--record', file)
      expect(await run.exit).toBe(1)
      expect(run.events).toMatchObject([{ event: 'error', code }])
    }
    expect(existsSync(join(folder, 'anna'))).toBe(false)
    const unopened = we(
      [
        'broadcast',
        '--source',
        'camera:No such camera',
        '--title',
        'T',
        '--record',
        join(folder, 'none.mp4'),
        '--data',
        join(folder, 'anna'),
      ],
      { WE_BEACON_DIR: join(folder, 'beacons') },
    )
    runs.push(unopened)
    expect(await unopened.exit).toBe(1)
    expect(readdirSync(folder).filter((name) => name.endsWith('.mp4'))).toEqual(['mine.mp4'])
  })
})
