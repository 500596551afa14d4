import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { readWatchAddress } from '../../src/main/relay/pull/watch-address'
import { watchPulled } from '../../src/cli/watch-pulled'
import { VideoServer } from './pull-servers'

let web: VideoServer
beforeAll(async () => {
  web = await VideoServer.start()
  web.make(['film.mp4'], 6)
})
afterAll(() => web.close())

async function watch(path: string, out: string, seconds: number | undefined): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = []
  const output = {
    json: true,
    line: () => undefined,
    log: () => undefined,
    event: (name: string, fields: Record<string, unknown> = {}) => void events.push({ name, ...fields }),
  }
  const address = readWatchAddress(web.url + path)
  if (address.kind === 'live') throw new Error('not of the web')
  const { signal } = new AbortController()
  const context = { output, signal, ffmpegPath: ffmpegPath(), modelsDir: '', demoWorkerPath: '' }
  await watchPulled(address, { out: join(web.folder, out), seconds }, context)
  return events
}

it('we watch copies an address into an MP4, as long as asked for, and leaves nothing else behind', async () => {
  const events = await watch('/film.mp4', 'copy.mp4', 3)
  expect(events.at(-1)).toMatchObject({ name: 'ended', reason: 'time', file: join(web.folder, 'copy.mp4') })
  const { stderr } = spawnSync(ffmpegPath(), ['-i', join(web.folder, 'copy.mp4'), '-f', 'null', '-'], {
    encoding: 'utf8',
  })
  expect(stderr).toMatch(/Duration: 00:00:0[234]\./)
  expect(stderr).toMatch(/Video: h264[^]*Audio: aac \(LC\)[^]*48000 Hz/)
  expect(readdirSync(web.folder).filter((name) => name.startsWith('.'))).toEqual([])
  const whole = await watch('/film.mp4', 'whole.mp4', undefined)
  expect(whole.at(-1)).toMatchObject({ reason: 'ended', pictures: 150 })
})

it('we watch of nothing writes nothing and says why', async () => {
  await expect(watch('/missing.mp4', 'none.mp4', 1)).rejects.toMatchObject({ code: 'nothing-there' })
  expect(existsSync(join(web.folder, 'none.mp4'))).toBe(false)
})
