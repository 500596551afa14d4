import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'
import { Relay, type RelayOptions } from '../../src/main/relay/relay'
import type { RelayParts } from '../../src/main/relay/relay-parts'
import { StreamKeys } from '../../src/main/relay/stream-keys'

const run = promisify(execFile)

export interface TestRelay {
  relay: Relay
  /** Opens the live `show`. */
  key: string
  log: string[]
  rtmp: (name: string) => string
  http: (path: string) => string
}

/** A relay on free ports of this computer with one key, for the live `show`. */
export async function startRelay(
  options: Partial<RelayOptions> = {},
  parts: Partial<RelayParts> = {},
): Promise<TestRelay> {
  const keys = await StreamKeys.open(null)
  const key = await keys.make('show')
  const log: string[] = []
  const relay = await Relay.start(
    { host: '127.0.0.1', rtmpPort: 0, httpPort: 0, keys, graceMs: 1500, ...options },
    { log: (line) => log.push(line), ...parts },
  )
  return {
    relay,
    key,
    log,
    rtmp: (name) => `rtmp://127.0.0.1:${relay.rtmpPort}/live/${name}`,
    http: (path) => `http://127.0.0.1:${relay.httpPort}${path}`,
  }
}

export interface Push {
  child: ChildProcess
  stderr: () => string
  exited: Promise<number | null>
  stop: () => Promise<void>
}

/** The lavfi source: 320x180 with a tone. */
const SOURCE = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30[out0];sine=r=48000[out1]']

/** ffmpeg as a publisher, key pictures each second; `encode` comes behind the usual settings. */
export function push(url: string, encode: string[] = [], { program = ffmpegPath(), source = SOURCE } = {}): Push {
  const args = [
    ...['-hide_banner', '-loglevel', 'warning', ...source],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-b:v', '400k'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '96k', ...encode, '-f', 'flv', url],
  ]
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-16_384)))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    child,
    stderr: () => stderr,
    exited,
    stop: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

export interface Probe {
  streams: { codec_name: string; width?: number; height?: number; sample_rate?: string; has_b_frames?: number }[]
  packets: { codec_type: string; pts_time?: string; dts_time?: string; flags: string }[]
}

/** What Debian's ffprobe reads of a URL within `seconds`. */
export async function probe(url: string, seconds = 3): Promise<Probe> {
  const args = ['-v', 'error', '-show_streams', '-show_packets', '-of', 'json', '-read_intervals', `%+${seconds}`, url]
  const { stdout } = await run('ffprobe', args, { timeout: 30_000, maxBuffer: 64 << 20 })
  return JSON.parse(stdout) as Probe
}

/** Waits until `check` gives something, or fails after `ms`. */
export async function until<T>(what: string, check: () => T | Promise<T>, ms = 30_000): Promise<NonNullable<T>> {
  const end = Date.now() + ms
  for (;;) {
    const value = await check()
    if (value) return value
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** A reader that sends its request and then takes nothing. */
export async function stalledReader(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  socket.on('error', () => undefined)
  return socket
}
