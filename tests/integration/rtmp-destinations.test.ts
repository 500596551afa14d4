import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DestinationState } from '@shared/live/destination'
import type { AccessUnit } from '@shared/media/access-unit'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { DECODE_ALL } from '../../src/main/media/testing/decode-all'
import { DestinationSet } from '../../src/main/relay/rtmp-out/destination-set'
import { parseRtmpAddress, type RtmpAddress } from '../../src/main/relay/rtmp-out/rtmp-address'
import { RtmpPublisher } from '../../src/main/relay/rtmp-out/rtmp-publisher'
import { freePort, NginxRtmp, nginxMissing } from './nginx-rtmp'
import { UnitPlayer } from './unit-player'
import { limitFor, measureIdle } from './idle-share'

const run = promisify(execFile)
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

if (nginxMissing !== null) console.warn(`NOT CHECKED against a real RTMP server: ${nginxMissing}`)

describe.skipIf(nginxMissing !== null)('the show goes to RTMP services', () => {
  let usual: UnitPlayer
  beforeAll(async () => {
    usual = await UnitPlayer.make(800)
  })

  async function server(lines: string[] = []): Promise<NginxRtmp> {
    const nginx = await NginxRtmp.start(lines)
    closers.push(() => nginx.close())
    return nginx
  }

  /** A set that the show plays into. */
  function broadcast(
    destinations: { id: string; url: string; key: string }[],
    show = usual,
  ): {
    set: DestinationSet
    state: (id: string) => DestinationState | undefined
    given: AccessUnit[]
  } {
    const set = new DestinationSet(() => undefined)
    const given: AccessUnit[] = []
    set.set(destinations)
    set.start()
    set.setConfig(show.config)
    show.play((unit) => {
      given.push(unit)
      set.take(unit)
    })
    closers.push(() => {
      show.stop()
      return set.stop()
    })
    return { set, given, state: (id) => set.states.find((state) => state.id === id) }
  }

  test('a real server takes picture and sound, and what it recorded decodes without an error', async () => {
    const nginx = await server()
    const { set, state } = broadcast([{ id: 'a', url: nginx.url, key: 'secret-key' }])
    await until(() => state('a')?.state === 'live')
    await wait(3_000)
    expect(state('a')).toMatchObject({ state: 'live', problem: null, droppedPictures: 0, reconnects: 0 })
    expect(state('a')!.kbps).toBeGreaterThan(100)
    usual.stop()
    await set.stop()
    const { pictures, errors, streams } = await judge(nginx, 60)
    expect(errors).toBe('')
    expect(streams).toEqual(['aac', 'h264'])
    expect(pictures).toBeGreaterThan(60)
  })

  test('killing seven of eight services costs the eighth no frame', async () => {
    const servers = await Promise.all(Array.from({ length: 8 }, () => server()))
    const { set, state, given } = broadcast(servers.map(({ url }, i) => ({ id: String(i), url, key: `key${i}` })))
    await until(() => servers.every((_, i) => state(String(i))?.state === 'live'))
    const missed = given.filter(({ track }) => track === 'picture').length
    const survivor = servers[7]!
    await wait(1_000)
    for (const [i, nginx] of servers.slice(0, 7).entries()) {
      // some die, some stand still with the connection open
      if (i < 4) await nginx.kill()
      else nginx.freeze(true)
    }
    await until(() => [0, 1, 2, 3].every((i) => state(String(i))?.state !== 'live'))
    await wait(3_000)
    expect(state('7')).toMatchObject({ state: 'live', droppedPictures: 0, reconnects: 0 })
    usual.stop()
    const slots = given.filter(({ track }) => track === 'picture').length
    for (const nginx of servers.slice(4, 7)) nginx.freeze(false)
    await set.stop()
    const { pictures, errors, gapMs } = await judge(survivor, slots - missed - 30)
    expect(errors).toBe('')
    expect(gapMs).toBeLessThan(40) // 33 ms from picture to picture, everywhere
    expect(pictures).toBeGreaterThanOrEqual(slots - missed - 30) // from its first key picture on
  })

  test('a service that comes back has the show again within 2 s, as often as it goes', async () => {
    const nginx = await server()
    const { state } = broadcast([{ id: 'a', url: nginx.url, key: 'k' }])
    await until(() => state('a')?.state === 'live')
    for (const round of [1, 2]) {
      await nginx.kill()
      await until(() => state('a')?.state === 'retrying')
      expect(state('a')!.problem).toMatch(/broke|cannot be reached/)
      await wait(2_500) // long enough for the longest wait
      await nginx.run()
      const [back, idle] = [Date.now(), measureIdle()]
      await until(() => state('a')?.state === 'live')
      expect(Date.now() - back).toBeLessThan(limitFor(idle(), 2_000, 10_000))
      expect(state('a')).toMatchObject({ problem: null, reconnects: round })
    }
  })

  test('a service that takes nothing more loses pictures, holds little memory and is connected anew', async () => {
    const nginx = await server()
    // heavy, so that the system's own buffers are full soon
    const { state } = broadcast([{ id: 'a', url: nginx.url, key: 'k' }], await UnitPlayer.make(40_000))
    await until(() => state('a')?.state === 'live')
    nginx.freeze(true)
    await until(() => state('a')!.droppedPictures > 30)
    await until(() => state('a')?.state !== 'live')
    nginx.freeze(false)
    await until(() => state('a')?.state === 'live')
    expect(state('a')!.reconnects).toBe(1)
  })

  test('a wrong key is told in plain words, without the key', async () => {
    const gate = await listen((socket) => socket.end('HTTP/1.0 403 Forbidden\r\n\r\n'))
    const nginx = await server([`on_publish http://127.0.0.1:${gate}/;`])
    const { state } = broadcast([{ id: 'a', url: nginx.url, key: 'wrong' }])
    await until(() => state('a')?.problem != null)
    expect(state('a')!.problem).toContain('Check the stream key')
    expect(state('a')!.problem).not.toContain('wrong')
    expect(state('a')!.state).toBe('retrying')
  })

  test('a destination can be taken in and out while the show goes on', async () => {
    const [one, two] = [await server(), await server()]
    const { set, state } = broadcast([{ id: 'a', url: one.url, key: 'k' }])
    await until(() => state('a')?.state === 'live')
    set.set([
      { id: 'a', url: one.url, key: 'k' },
      { id: 'b', url: two.url, key: 'k' },
    ])
    await until(() => state('b')?.state === 'live')
    set.set([{ id: 'b', url: two.url, key: 'k' }])
    expect(state('a')).toBeUndefined()
    expect(state('b')).toMatchObject({ state: 'live', reconnects: 0 })
  })
})

describe('what is no RTMP server', () => {
  test('a port where nobody listens, one that speaks something else and one that is silent are told apart', async () => {
    const nobody = `rtmp://127.0.0.1:${await freePort()}/live`
    await expect(RtmpPublisher.open(parseRtmpAddress(nobody), 'k')).rejects.toThrow(/nothing answers at this port/)

    const web = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await expect(RtmpPublisher.open(at(web), 'k')).rejects.toThrow(/does not speak RTMP/)

    const silent = await listen(() => undefined)
    await expect(RtmpPublisher.open(at(silent), 'k', { timeoutMs: 300 })).rejects.toThrow(/did not answer in time/)
    const stop = new AbortController()
    const opening = RtmpPublisher.open(at(silent), 'k', { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(opening).rejects.toThrow('enough')
  })
})

function at(port: number): RtmpAddress {
  return parseRtmpAddress(`rtmp://127.0.0.1:${port}/live`)
}

/** A server of the test's own on loopback; its port. */
async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    closers.push(() => Promise.resolve(socket.destroy()))
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => Promise.resolve(server.close()))
  return (server.address() as { port: number }).port
}

interface Judgement {
  pictures: number
  errors: string
  streams: string[]
  gapMs: number
}

/** What a server recorded, as ffmpeg's decoder sees it, once it has written more than `pictures`. */
async function judge(nginx: NginxRtmp, pictures: number): Promise<Judgement> {
  const end = Date.now() + 20_000
  for (;;) {
    const judgement = await look(nginx)
    if ((judgement.pictures > pictures && judgement.errors === '') || Date.now() > end) return judgement
    await wait(200)
  }
}

async function look(nginx: NginxRtmp): Promise<Judgement> {
  const [file] = await readdir(nginx.recordings)
  const path = join(nginx.recordings, file!)
  const { stderr: errors } = await run(ffmpegPath(), ['-v', 'error', '-i', path, ...DECODE_ALL, '-'])
  const { stderr } = await run(
    ffmpegPath(),
    ['-v', 'info', '-i', path, '-map', '0:v', '-vf', 'showinfo', '-f', 'null', '-'],
    {
      maxBuffer: 1 << 26,
    },
  )
  const times = [...stderr.matchAll(/pts_time:([\d.]+)/g)].map(([, time]) => Number(time))
  const gaps = times.slice(1).map((time, i) => (time - times[i]!) * 1000)
  const streams = [...stderr.matchAll(/Stream #0:\d.*?: (?:Video|Audio): (h264|aac)/g)].map(([, name]) => name!)
  return { pictures: times.length, errors, streams: [...new Set(streams)].sort(), gapMs: Math.max(...gaps) }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function until(isSo: () => boolean, ms = 30_000): Promise<void> {
  const end = Date.now() + ms
  while (!isSo()) {
    if (Date.now() > end) throw new Error('it did not come to that in time')
    await wait(20)
  }
}
