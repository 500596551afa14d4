import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe, push, startRelay, until, type Push, type TestRelay } from './relay-harness'

/** Debian's nginx with its RTMP module: a media server that is not ours. */
const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so'
const has = existsSync('/usr/sbin/nginx') && existsSync(MODULE)
if (!has) console.error('NOT TESTED: the relay beside nginx. Install it: apt-get install nginx-light libnginx-mod-rtmp')

let folder = ''
let nginx: ChildProcess | null = null
let port = 0
let relay: TestRelay
const pushes: Push[] = []

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number }
      server.close(() => resolve(free))
    })
  })
const answers = (at: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

beforeAll(async () => {
  relay = await startRelay()
  if (!has) return
  folder = mkdtempSync(join(tmpdir(), 'we-nginx-'))
  mkdirSync(join(folder, 'hls'))
  port = await freePort()
  writeFileSync(
    join(folder, 'nginx.conf'),
    `load_module ${MODULE};
worker_processes 1; daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 64; }
rtmp { server { listen 127.0.0.1:${port}; chunk_size 4096;
  application live { live on; hls on; hls_path ${folder}/hls; hls_fragment 1s; }
  application from { live on; pull rtmp://127.0.0.1:${relay.relay.rtmpPort}/live/show name=pulled static; }
} }`,
  )
  nginx = spawn('/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' })
  await until('nginx', () => answers(port))
})
afterAll(async () => {
  await Promise.all(pushes.map((one) => one.stop()))
  nginx?.kill('SIGKILL')
  await relay.relay.close()
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

describe.skipIf(!has)('a real media server', () => {
  it('can stand in for the relay: the same publisher, and the same kind of addresses', async () => {
    pushes.push(push(`rtmp://127.0.0.1:${port}/live/show`))
    pushes.push(push(relay.rtmp(relay.key)))
    await until('our live', () => relay.relay.hub.find('show')?.stream.config)
    await until('a playlist of nginx', () => existsSync(join(folder, 'hls/show.m3u8')) || null)
    const [ours, theirs] = await Promise.all([
      probe(relay.rtmp('show'), 2),
      probe(`rtmp://127.0.0.1:${port}/live/show`, 2),
    ])
    const kinds = ({ streams }: typeof ours): string[] => streams.map(({ codec_name }) => codec_name).sort()
    expect(kinds(ours)).toEqual(['aac', 'h264'])
    expect(kinds(theirs)).toEqual(kinds(ours))
    expect(readFileSync(join(folder, 'hls/show.m3u8'), 'utf8')).toContain('#EXTINF')
  })

  it('can take its live from the relay, and hands the same on', async () => {
    // nginx pulls from the relay by RTMP; what is played is what nginx made of it.
    const pulled = await until(
      'nginx with our live',
      () => probe(`rtmp://127.0.0.1:${port}/from/pulled`, 2).catch(() => null),
      25_000,
    )
    const pictures = pulled.packets.filter(({ codec_type }) => codec_type === 'video')
    expect(pulled.streams.find(({ codec_name }) => codec_name === 'h264')).toMatchObject({ width: 320, height: 180 })
    expect(pictures.length).toBeGreaterThan(20)
    const times = pictures.map(({ dts_time }) => Number(dts_time))
    for (const [i, time] of times.entries()) if (i > 0) expect(time - times[i - 1]!).toBeGreaterThan(0)
  })

  it('can hand its live to the relay, copied by ffmpeg', async () => {
    const second = await startRelay()
    const url = `rtmp://127.0.0.1:${port}/live/show`
    const copier = push(second.rtmp(second.key), ['-c', 'copy'], { source: ['-i', url] })
    pushes.push(copier)
    await until('the live', () => second.relay.hub.find('show')?.stream.config, 20_000)
    const { streams } = await probe(second.http('/live/show/index.m3u8'), 2)
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264'])
    await copier.stop()
    await second.relay.close()
  })
})
