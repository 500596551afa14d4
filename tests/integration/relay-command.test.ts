import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DECODE_ALL } from '../../src/main/media/testing/decode-all'
import { probe, push, until, type Push } from './relay-harness'
import { we, type WeRun } from './we-command'

const run = promisify(execFile)
let folder = ''
let runs: WeRun[] = []
let pushes: Push[] = []

const relay = (...args: string[]): WeRun => {
  const ports = ['--rtmp', '0', '--http', '0', '--data', join(folder, 'anna')]
  const one = we(['relay', ...ports, ...args])
  runs.push(one)
  return one
}
const publish = (url: string): Push => {
  const one = push(url)
  pushes.push(one)
  return one
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-relay-'))
  runs = []
  pushes = []
})
afterEach(async () => {
  for (const one of runs) one.child.kill('SIGKILL')
  await Promise.all([...runs.map(({ exit }) => exit), ...pushes.map((one) => one.stop())])
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const childrenOf = (pid: number): number[] => {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

describe('we relay', () => {
  it('carries a live, records it, makes a smaller copy, and ends with everything in order', async () => {
    const one = relay('--json', '--record', join(folder, 'recordings'), '--ladder')
    const { server, web, keys } = (await one.next('relay')) as unknown as {
      server: string
      web: string
      keys: { live: string }
    }
    publish(`${server}/${keys.live}`)
    const small = await until(
      'the smaller copy',
      async () => {
        const answer = await fetch(`${web}/live/live_360p.flv`)
        await answer.body?.cancel()
        return answer.ok ? probe(`${web}/live/live_360p.flv`, 2) : null
      },
      20_000,
    )
    expect(small.streams.find(({ codec_name }) => codec_name === 'h264')?.height).toBe(360)
    const list = await until('two qualities', async () => {
      const text = await (await fetch(`${web}/live/live/index.m3u8`)).text()
      return text.split('#EXT-X-STREAM-INF').length === 3 ? text : null
    })
    expect(list).toContain('../live_360p/live.m3u8')
    const children = childrenOf(one.child.pid!)
    expect(children.length).toBe(1)
    one.child.kill('SIGINT')
    expect(await one.exit).toBe(0)
    for (const pid of children) expect(existsSync(`/proc/${pid}`)).toBe(false)
    expect(one.events.at(-1)?.event).toBe('ended')
    const [file] = readdirSync(join(folder, 'recordings'))
    const { stderr } = await run('ffmpeg', [
      '-v',
      'warning',
      '-i',
      join(folder, 'recordings', file!),
      ...DECODE_ALL,
      '-',
    ])
    expect(stderr).toBe('')
  })

  it('a killed relay leaves a recording that plays, and no program behind', async () => {
    const one = relay('--json', '--record', join(folder, 'recordings'), '--ladder')
    const { server, keys } = (await one.next('relay')) as unknown as { server: string; keys: { live: string } }
    const publisher = publish(`${server}/${keys.live}`)
    await until('a file of some seconds', () => {
      const [file] = existsSync(join(folder, 'recordings')) ? readdirSync(join(folder, 'recordings')) : []
      return file !== undefined && readFileSync(join(folder, 'recordings', file)).length > 150_000
    })
    const children = childrenOf(one.child.pid!)
    one.child.kill('SIGKILL')
    await one.exit
    await publisher.exited
    await until('no orphan', () => children.every((pid) => !existsSync(`/proc/${pid}`) || zombie(pid)))
    const [file] = readdirSync(join(folder, 'recordings'))
    const { streams, packets } = await probe(join(folder, 'recordings', file!), 60)
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264'])
    expect(packets.filter(({ codec_type }) => codec_type === 'video').length).toBeGreaterThan(40)
  })

  it('shows a key once and keeps only its hash; the key goes on working, and a new one replaces it', async () => {
    const first = relay('--json', '--key', 'anna')
    const { keys } = (await first.next('relay')) as unknown as { keys: { anna: string } }
    expect(keys.anna).toMatch(/^[\w-]{32}$/)
    first.child.kill('SIGINT')
    await first.exit
    expect(readFileSync(join(folder, 'anna/stream-keys.json'), 'utf8')).not.toContain(keys.anna)
    const second = relay('--json', '--key', 'anna')
    const again = (await second.next('relay')) as unknown as { server: string; keys: object }
    expect(again.keys).toEqual({})
    const publisher = publish(`${again.server}/${keys.anna}`)
    await until('the live', () => second.stderr().includes('anna is live'))
    await publisher.stop()
    second.child.kill('SIGINT')
    await second.exit
    const third = relay('--json', '--new-key', 'anna')
    const { server } = (await third.next('relay')) as unknown as { server: string }
    const refused = publish(`${server}/${keys.anna}`)
    expect(await refused.exited).not.toBe(0)
    expect(refused.stderr()).toContain('not known here')
  })

  it('says addresses in plain words, and what is wrong when it cannot start', async () => {
    const one = relay()
    await until('its words', () => one.noise.some((line) => line.includes('Ctrl-C ends it')))
    const words = one.noise.join('\n')
    expect(words).toMatch(/Server +rtmp:\/\/127\.0\.0\.1:\d+\/live/)
    expect(words).toMatch(/any browser http:\/\/127\.0\.0\.1:\d+\/watch\/live/)
    const port = /rtmp:\/\/127\.0\.0\.1:(\d+)/.exec(words)![1]!
    const twin = we(['relay', '--rtmp', port, '--http', '0', '--data', join(folder, 'ben'), '--json'])
    runs.push(twin)
    expect(await twin.exit).toBe(1)
    expect(twin.events.at(-1)).toMatchObject({ event: 'error', code: 'port-taken' })
  })
})

function zombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}
