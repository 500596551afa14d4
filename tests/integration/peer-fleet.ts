import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { WatchStats } from '@shared/live/live-listing'

/** What a node process is told to do. */
export type PeerCommand =
  | { do: 'start'; dataDir: string; listen?: string[]; beaconDir?: string }
  | { do: 'broadcast'; segmentBytes: number; segmentMs: number; maxViewers?: number }
  | { do: 'cut' | 'end' | 'served' | 'stats' | 'stop' }
  /** Garbage is collected first unless `collect` is false. */
  | { do: 'memory'; collect?: boolean }
  | { do: 'heap'; file: string }
  /** A show in access units, also handed to a relay. */
  | { do: 'show'; kbps: number; relay: { url: string; key: string } | null }
  /** What this node sends reaches nobody, or does again. */
  | { do: 'line'; cut: boolean }
  | { do: 'watch'; url: string; peers: string[]; relays?: string[]; startBehind?: number }

/** Of a node's process. */
export interface MemoryFigures {
  /** Heap and what lies outside it, after the collection. */
  mib: number
  heapMib: number
  heapTotalMib: number
  externalMib: number
  arrayBuffersMib: number
  /** Of the process, before the collection. */
  rssMib: number
  /** Used since the start of the process. */
  cpuMs: number
  connections: number
  streams: number
}

/** What it tells. */
export type PeerEvent =
  | { event: 'up' }
  | { event: 'answer'; id: number; value?: unknown; error?: { code: string; message: string } }
  | { event: 'log'; line: string }
  | { event: 'lives'; urls: string[] }
  | { event: 'viewers'; count: number }
  | { event: 'published'; seq: number; cid: string }
  | { event: 'playing'; startupMs: number }
  /** One of a show in access units; milliseconds of the wall clock. */
  | { event: 'picture'; slot: number; at: number; afterMs: number }
  | { event: 'relay'; on: boolean; at: number }
  | { event: 'segment'; seq: number; cid: string; from: string; latencyMs: number }
  | { event: 'refused'; reason: string; from: string; seq?: number }
  | { event: 'ended'; reason: string }

type EventOf<E extends PeerEvent['event']> = Extract<PeerEvent, { event: E }>

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Inside the repository, so that the bundle finds the native packages that stay outside it. */
const bundles = join(root, 'node_modules/.cache/we-studio-tests')

/** Bundles `tests/integration/<name>.ts` for plain Node, libp2p included: a process starts in a third of the time. */
export async function bundle(name: string): Promise<string> {
  const outDir = join(bundles, `${name}-${process.pid}`)
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    ssr: { noExternal: true, external: ['node-datachannel', 'classic-level', '@photostructure/sqlite'] },
    build: {
      ssr: join(root, `tests/integration/${name}.ts`),
      target: 'node20.18',
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        // Node 20.18 takes a .js file below node_modules for CommonJS
        output: { entryFileNames: 'entry.mjs', chunkFileNames: '[name]-[hash].mjs' },
        external: [/^node-datachannel(\/|$)/, /^classic-level(\/|$)/, /^@photostructure\/sqlite(\/|$)/],
      },
    },
  })
  return join(outDir, 'entry.mjs')
}

/** One node process. */
export class PeerProcess {
  readonly events: PeerEvent[] = []
  peerId = ''
  multiaddrs: string[] = []
  readonly #child: ChildProcess
  readonly #news = new EventEmitter().setMaxListeners(100)
  #nextId = 0

  constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (event: PeerEvent) => {
      this.events.push(event)
      this.#news.emit('event')
    })
    child.on('exit', () => this.#news.emit('event'))
  }

  get exited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  of<E extends PeerEvent['event']>(name: E): EventOf<E>[] {
    return this.events.filter((event): event is EventOf<E> => event.event === name)
  }

  /** Waits for the first event of a kind that fits, also among those that came before. Throws at the timeout. */
  async until<E extends PeerEvent['event']>(
    name: E,
    fits: (event: EventOf<E>) => boolean = () => true,
    timeoutMs = 30_000,
  ): Promise<EventOf<E>> {
    const end = Date.now() + timeoutMs
    for (;;) {
      const found = this.of(name).find(fits)
      if (found) return found
      if (Date.now() >= end || this.exited) {
        const logs = this.of('log').map(({ line }) => line)
        throw new Error(`no ${name} in ${timeoutMs} ms${this.exited ? ' (the process ended)' : ''}\n${logs.join('\n')}`)
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, Math.max(1, end - Date.now()))
        const news = this.#news
        function done(): void {
          clearTimeout(timer)
          news.off('event', done)
          resolve()
        }
        news.on('event', done)
      })
    }
  }

  /** Runs a command in the process; throws what it threw, with its code. */
  async call<T = unknown>(command: PeerCommand): Promise<T> {
    const id = this.#nextId++
    this.#child.send({ id, command })
    const { value, error } = await this.until('answer', (answer) => answer.id === id, 30_000)
    if (error) throw Object.assign(new Error(error.message), { code: error.code })
    return value as T
  }

  async watch(url: string, peers: string[], startBehind?: number): Promise<void> {
    await this.call({ do: 'watch', url, peers, ...(startBehind === undefined ? {} : { startBehind }) })
  }

  stats(): Promise<WatchStats> {
    return this.call<WatchStats>({ do: 'stats' })
  }

  /** SIGKILL: no goodbye, no cleaning up. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async waitForExit(timeoutMs = 20_000): Promise<void> {
    const end = Date.now() + timeoutMs
    while (!this.exited && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
    if (!this.exited) throw new Error('the process still runs')
  }
}

/** As many as were asked for, so that each can be named without a check. */
type Many<N extends number, R extends PeerProcess[] = []> = R['length'] extends N ? R : Many<N, [...R, PeerProcess]>

/** Node processes of one test file, their folders, and an end that leaves neither behind. */
export class PeerFleet {
  readonly #processes: PeerProcess[] = []
  readonly #folders: string[] = []
  readonly #entries = new Map<string, Promise<string>>()

  async folder(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'we-peer-test-'))
    this.#folders.push(dir)
    return dir
  }

  /** Forks `tests/integration/<name>.ts`. */
  async fork(name: string, args: string[] = []): Promise<PeerProcess> {
    const entry = this.#entries.get(name) ?? bundle(name)
    this.#entries.set(name, entry)
    const child = fork(await entry, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const peer = new PeerProcess(child)
    this.#processes.push(peer)
    await peer.until('up', undefined, 30_000)
    return peer
  }

  /** A started node on loopback. */
  async node(options: { dataDir?: string; listen?: string[]; beaconDir?: string } = {}): Promise<PeerProcess> {
    const peer = await this.fork('peer-process')
    const { dataDir = await this.folder(), ...rest } = options
    const start = await peer.call<{ peerId: string; multiaddrs: string[] }>({ do: 'start', dataDir, ...rest })
    return Object.assign(peer, start)
  }

  /** Several of them. */
  nodes<N extends number>(count: N, options: { beaconDir?: string } = {}): Promise<Many<N>> {
    return Promise.all(Array.from({ length: count }, () => this.node(options))) as Promise<Many<N>>
  }

  /** Ends all processes and removes their folders. */
  async end(): Promise<void> {
    for (const peer of this.#processes) peer.kill()
    await Promise.all(this.#processes.map((peer) => peer.waitForExit()))
    await Promise.all(this.#folders.map((dir) => rm(dir, { recursive: true, force: true })))
    this.#processes.length = this.#folders.length = 0
  }

  /** Removes the bundles; after the last test of the file. */
  async dispose(): Promise<void> {
    for (const entry of this.#entries.values()) await rm(dirname(await entry), { recursive: true, force: true })
    this.#entries.clear()
  }
}

/** Nearest-rank percentile. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}
