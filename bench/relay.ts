import '../src/main/platform/runtime-floor'
import { existsSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { FlvReader } from '../src/main/relay/flv/flv-reader'
import { measurePlayers, pushClock, type PlayerFigures } from './relay/players'
import { ageOf, RtmpPublisher, wait } from './relay/rtmp-publisher'
import { serve, startServer, type RunningServer, type ServerKind } from './relay/servers'

/**
 * What the relay adds: RTMP in to HTTP-FLV out, how soon a part of low-latency HLS can be had, memory with readers that
 * take nothing, each beside node-media-server in the same run where it can; and generation to presentation through real
 * players in a real Chromium (live.md 2). `--players`: those alone.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    players: { type: 'boolean' },
    serve: { type: 'string' },
  },
})
if (values.serve === undefined) await measure()
else await serve(values.serve as ServerKind)

interface Spread {
  p50: number
  p95: number
  max: number
  count: number
}

async function measure(): Promise<void> {
  const seconds = values.quick === true ? 6 : 20
  const say = (line: string): void => {
    if (values.json !== true) console.log(line)
  }
  const served = values.players === true ? null : await measureServers(seconds, say)

  let players: Record<string, PlayerFigures> | null = null
  if (existsSync('/usr/bin/chromium') && existsSync('/usr/bin/ffmpeg')) {
    const server = await startServer('ours')
    const stop = pushClock(server)
    await wait(4000)
    players = await measurePlayers(server, seconds)
    stop()
    server.stop()
    for (const [name, { p50Ms, p95Ms, startupMs, stalledPercent, idlePercent }] of Object.entries(players)) {
      say(
        `${name}: generation to presentation p50 ${p50Ms}, p95 ${p95Ms} ms; start ${startupMs} ms; stalled ${stalledPercent} %; processor ${idlePercent} % idle`,
      )
    }
  } else say('Players are left out: there is no /usr/bin/chromium or no /usr/bin/ffmpeg.')
  const load = loadavg()[0]!
  console.log(
    JSON.stringify({
      ...served,
      players,
      load,
      cores: cpus().length,
    }),
  )
  process.exit(0)
}

/** Without players: what the server itself adds, and what readers that take nothing cost. */
async function measureServers(seconds: number, say: (line: string) => void): Promise<Record<string, unknown>> {
  const servers = [await startServer('ours'), await startServer('node-media-server')]
  const [ours] = servers as [RunningServer]
  const publishers = await Promise.all(servers.map((one) => RtmpPublisher.start(one.rtmpPort, one.key, 2_000_000)))
  await wait(2500)
  const [delays, parts] = await Promise.all([
    Promise.all(servers.map((one) => flvDelays(one, seconds))),
    partDelays(ours, seconds),
  ])
  publishers.forEach((one) => one.stop())
  for (const [i, one] of servers.entries()) say(`RTMP in to FLV out, ${one.kind}: ${words(delays[i]!)}`)
  say(`part of low-latency HLS, from its last picture: ${words(parts)}`)
  servers.forEach((one) => one.stop())

  const memory: Record<string, number> = {}
  for (const kind of ['ours', 'node-media-server'] as const) {
    memory[kind] = await stalledGrowth(kind, seconds)
    say(`3 readers that take nothing, 24 Mbit/s, ${seconds} s, ${kind}: ${memory[kind].toFixed(1)} MB more`)
  }
  return { flvAddedMs: { ours: delays[0], nodeMediaServer: delays[1] }, partMs: parts, stalledMb: memory }
}

function flvDelays(server: RunningServer, seconds: number): Promise<Spread> {
  const ages: number[] = []
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const reader = new FlvReader(({ type, body }) => {
      // The group that a reader begins with is old by intent.
      if (type === 9 && body.length > 500 && performance.now() - began > 1000) ages.push(ageOf(body))
    })
    const request = get(`http://127.0.0.1:${server.httpPort}/live/show.flv`, (answer) => {
      answer.on('data', (chunk: Buffer) => reader.push(chunk))
    })
    request.on('error', reject)
    setTimeout(() => {
      request.removeAllListeners('error').on('error', () => undefined)
      request.destroy()
      resolve(spread(ages))
    }, seconds * 1000)
  })
}

/** Asks for each part that the playlist hints at, as a player of low-latency HLS does. */
async function partDelays(server: RunningServer, seconds: number): Promise<Spread> {
  const base = `http://127.0.0.1:${server.httpPort}/live/show`
  const ages: number[] = []
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const list = await (await fetch(`${base}/live.m3u8`)).text()
    const hint = /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(list)?.[1]
    const part = await fetch(`${base}/${hint}`)
    const bytes = Buffer.from(await part.arrayBuffer())
    if (part.ok) ages.push(ageOf(bytes))
  }
  return spread(ages)
}

/** Megabytes by which the server's highest memory lies above its highest without such readers. */
async function stalledGrowth(kind: ServerKind, seconds: number): Promise<number> {
  const server = await startServer(kind)
  const publisher = await RtmpPublisher.start(server.rtmpPort, server.key, 24_000_000)
  await wait(16_000) // the window of HLS is full by then
  const most = async (): Promise<number> => {
    let rss = 0
    for (let i = 0; i < seconds * 4; i++) {
      await wait(250)
      rss = Math.max(rss, server.rss())
    }
    return rss
  }
  const before = await most()
  const sockets = [1, 2, 3].map(() => {
    const socket = connect(server.httpPort, '127.0.0.1', () => {
      socket.write('GET /live/show.flv HTTP/1.1\r\nHost: localhost\r\n\r\n')
    })
    socket.on('error', () => undefined)
    return socket.pause()
  })
  const after = await most()
  sockets.forEach((socket) => socket.destroy())
  publisher.stop()
  server.stop()
  return (after - before) / 2 ** 20
}

function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? NaN) * 100) / 100
  return { p50: at(0.5), p95: at(0.95), max: at(1), count: sorted.length }
}

function words({ p50, p95, max, count }: Spread): string {
  return `p50 ${p50}, p95 ${p95}, at most ${max} ms (${count})`
}
