import { connect } from 'node:net'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RtmpPublisher } from '../../bench/relay/rtmp-publisher'
import { DECODE_ALL } from '../../src/main/media/testing/decode-all'
import { push, stalledReader, startRelay, until, type Push, type TestRelay } from './relay-harness'

const run = promisify(execFile)
let relay: TestRelay
let publisher: Push

beforeAll(async () => {
  relay = await startRelay({ isFreeReader: () => false })
  publisher = push(relay.rtmp(relay.key), [
    '-b:v',
    '3000k',
    '-minrate',
    '3000k',
    '-maxrate',
    '3000k',
    '-bufsize',
    '1500k',
  ])
  await until('two segments', () => relay.relay.hub.find('show')?.hls.segments[1])
})
afterAll(async () => {
  await publisher.stop()
  await relay.relay.close()
})

const text = async (path: string): Promise<string> => (await fetch(relay.http(path))).text()

describe('what the owner leaves of the line', () => {
  it('is not exceeded: who finds no room is told so and when to come again, and gets in when somebody has left', async () => {
    const get = (path: string): Promise<Response> => fetch(relay.http(path))
    const kbps = (relay.relay.hub.find('show')!.stream.bytesPerSecond * 8) / 1000
    expect(kbps).toBeGreaterThan(500)
    relay.relay.setRoom(kbps * 1.5) // one viewer
    try {
      const first = await get('/live/show.flv')
      expect(first.status).toBe(200)
      for (const path of ['/live/show.flv', '/live/show.mp4', '/live/show/live.m3u8']) {
        const refused = await get(path)
        expect([path, refused.status, refused.headers.get('retry-after')]).toEqual([path, 503, '10'])
        expect(await refused.text()).toContain('This relay is full')
      }
      expect((await get('/api/show.json')).status).toBe(200)
      await first.body!.cancel()
      await until('the place is free', () => relay.relay.room.takenKbps === 0 || null)
      const second = (await get('/live/show.mp4')).body!.getReader()
      relay.relay.setRoom(100)
      for (let part = await second.read(); !part.done;) part = await second.read() // it is put out
      expect(relay.relay.figures).toMatchObject({ takenKbps: 0, roomKbps: 100, refused: 4 })
    } finally {
      relay.relay.setRoom(null)
    }
  })
})

describe('low-latency HLS of the relay', () => {
  it('lists parts of about 100 ms, hints at the next one, and keeps the rules of the playlist', async () => {
    const list = await text('/live/show/live.m3u8')
    const value = (name: string): number => Number(new RegExp(`${name}[=:]([0-9.]+)`).exec(list)?.[1])
    const target = value('PART-TARGET')
    expect(target).toBeGreaterThan(0.09)
    expect(target).toBeLessThan(0.115)
    expect(value('PART-HOLD-BACK')).toBeGreaterThanOrEqual(target * 2)
    expect(value('EXT-X-TARGETDURATION')).toBe(1)
    expect(list).toContain('CAN-BLOCK-RELOAD=YES')
    const parts = [...list.matchAll(/#EXT-X-PART:DURATION=([0-9.]+)/g)].map(([, seconds]) => Number(seconds))
    expect(parts.length).toBeGreaterThan(10)
    for (const seconds of parts) expect(seconds).toBeLessThanOrEqual(target)
    const segments = [...list.matchAll(/#EXTINF:([0-9.]+)/g)].map(([, seconds]) => Number(seconds))
    for (const seconds of segments) expect(seconds).toBeCloseTo(1, 1)
    const hint = /#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(list)?.[1]
    const hinted = await fetch(relay.http(`/live/show/${hint}`)) // waits until the part is there
    expect(hinted.status).toBe(200)
    expect((await hinted.arrayBuffer()).byteLength).toBeGreaterThan(1000)
  })

  it('a reload that names the next part comes when it is there, and not before', async () => {
    const { hls } = relay.relay.hub.find('show')!
    await until('a segment that grows', () => (hls.open && hls.open.parts.length < 5 ? hls.open : null))
    const [number, part] = [hls.open!.number, hls.open!.parts.length + 2]
    const list = await text(`/live/show/live.m3u8?_HLS_msn=${number}&_HLS_part=${part}`)
    expect(list).toContain(`-${number}.${part}.m4s"`)
    expect(hls.open?.number === number ? hls.open.parts.length : 99).toBeGreaterThan(part)
    expect((await fetch(relay.http('/live/show/live.m3u8?_HLS_msn=99999'))).status).toBe(404)
  })

  it('the parts of a segment one behind the other are the segment, byte for byte, and it plays', async () => {
    const { hls, run: name } = relay.relay.hub.find('show')!
    const { number, init, parts } = hls.segments.at(-1)!
    const bytes = async (leaf: string): Promise<Buffer> =>
      Buffer.from(await (await fetch(relay.http(`/live/show/${leaf}`))).arrayBuffer())
    const whole = await bytes(`seg-${name}-${number}.m4s`)
    const pieces = await Promise.all(parts.map((_, i) => bytes(`part-${name}-${number}.${i}.m4s`)))
    expect(Buffer.concat(pieces).equals(whole)).toBe(true)
    const folder = mkdtempSync(join(tmpdir(), 'we-relay-'))
    const file = join(folder, 'segment.mp4')
    writeFileSync(file, Buffer.concat([await bytes(`init-${name}-${init.id}.mp4`), whole]))
    const decoded = await run('ffmpeg', ['-v', 'warning', '-i', file, ...DECODE_ALL, '-'])
    expect(decoded.stderr).toBe('')
    rmSync(folder, { recursive: true })
  })
})

describe('readers that take nothing', () => {
  it('hold no more than their bound, and nobody else is harmed', async () => {
    const own = await startRelay()
    const fast = await RtmpPublisher.start(own.relay.rtmpPort, own.key, 24_000_000)
    await until('the live', () => own.relay.hub.find('show')?.stream.config)
    const stalled = await Promise.all([1, 2, 3].map(() => stalledReader(own.relay.httpPort, '/live/show.flv')))
    const leaving = new AbortController()
    const good = await fetch(own.http('/live/show.flv'), { signal: leaving.signal })
    let bytes = 0
    const reading = (async () => {
      for await (const chunk of good.body!) bytes += (chunk as Uint8Array).length
    })().catch(() => undefined)
    await until('24 MB went by', () => bytes > 24_000_000 || null, 60_000)
    expect(own.relay.figures.lives[0]!.readers.flv).toBe(4)
    const with3 = held()
    for (const socket of stalled) socket.destroy()
    await until('they are gone', () => own.relay.figures.lives[0]!.readers.flv === 1 || null)
    // Of 24 MB that went by the system took some, and 4 MB and the group they began with may wait, shared by all three.
    expect(with3 - held()).toBeLessThan(14 << 20)
    leaving.abort()
    await reading
    fast.stop()
    await own.relay.close()
  })
})

describe('requests that mean no good', () => {
  const raw = (send: string): Promise<{ text: string; ms: number }> =>
    new Promise((resolve) => {
      const began = Date.now()
      const socket = connect(relay.relay.httpPort, '127.0.0.1', () => socket.write(send))
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve({ text, ms: Date.now() - began }))
    })

  it('headers that never end, are too long, or name another host get nowhere', async () => {
    const [slow, long, host] = await Promise.all([
      raw('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: '),
      raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`),
      raw('GET /live/show.flv HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
    ])
    expect(slow.ms).toBeLessThan(60_000)
    expect(slow.text).toMatch(/^(HTTP\/1\.1 408|$)/)
    expect(long.text).toMatch(/^HTTP\/1\.1 431/)
    expect(host.text).toMatch(/^HTTP\/1\.1 421/)
  })

  it('pages of other origins may read nothing unless the person allows it', async () => {
    const closed = await fetch(relay.http('/api/show.json'), { headers: { Origin: 'https://evil.example' } })
    expect(closed.headers.get('access-control-allow-origin')).toBeNull()
    await closed.text()
    expect((await fetch(relay.http('/api/show.json'), { method: 'POST' })).status).toBe(405)
  })
})

describe('the page for any browser', () => {
  it('is small, complete, and allows nothing from elsewhere', async () => {
    const links = await fetch(relay.http('/open/')) // what a link leads to stands behind its #
    expect(await links.text()).toContain('/page/open.js')
    expect(links.headers.get('content-security-policy')).toContain("script-src 'self'")
    const page = await fetch(relay.http('/watch/show'))
    expect(page.status).toBe(200)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const html = await page.text()
    const leaves = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path!)
    const script = await text('/page/watch.js')
    for (const [, path] of script.matchAll(/from '\.\/([^']+)'/g)) leaves.push(`/page/${path}`)
    expect(leaves.length).toBeGreaterThanOrEqual(4)
    let size = gzipSync(html).length
    for (const path of new Set(leaves)) {
      const file = await fetch(relay.http(path), { headers: { 'Accept-Encoding': 'gzip' } })
      expect(file.status, path).toBe(200)
      size += Number(file.headers.get('content-length'))
    }
    expect(size).toBeLessThan(100_000)
    console.log(`page: ${size} bytes gzipped in all`)
  })
})

/** Bytes of media that this process holds, after a collection. */
function held(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().arrayBuffers
}
