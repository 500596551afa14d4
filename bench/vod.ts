import '../src/main/platform/runtime-floor'
import { fork, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CID } from 'multiformats/cid'
import { PeerNode } from '../src/main/peer/peer-node'
import { loadDeviceKey } from '../src/main/wallet/device-key'
import { ownCpuMs } from './cpu-time'
import { profileTop } from './profile-top'

/**
 * Video on demand: 100 MB from three seeders, each a process, against plain HTTP from a fourth, interleaved; then seeks:
 * from the request to the first verified bytes. `npm run bench -- vod [--quick] [--json] [--profile]`
 */
const SEEDERS = 3
const LIMITS = { spaceBytes: 2 ** 40, uplinkKbps: 0 }
const quick = process.argv.includes('--quick')
/** Where the time goes, on a viewer and a seeder. */
const profiled = process.argv.includes('--profile')
const FILE_BYTES = quick ? 32 * 1024 * 1024 : 100 * 1024 * 1024
const ROUNDS = quick ? 3 : 5
const SEEKS = quick ? 10 : 30

interface Started {
  multiaddrs?: string[]
  cid?: string
  port?: number
}

type Question = 'profile' | 'profiled' | 'served'
interface Told {
  served: number
  cpuMs: number
  profile: string[]
}
/** Seconds for the whole file, CPU milliseconds of the unstored pull. */
interface Round {
  http: number
  /** And hashed, and written to a file. */
  httpStored: number
  peers: number
  /** And written to the library. */
  peersStored: number
  viewerCpuMs: number
  seedCpuMs: number
  shares: number[]
}

if (process.argv[2] === '--serve') await serveHttp(process.argv[3]!)
else if (process.argv[2] === '--seed') await seed(process.argv[3]!, process.argv[4]!)
else await measure()

async function startNode(dataDir: string): Promise<PeerNode> {
  const { peerKey } = await loadDeviceKey(dataDir)
  return PeerNode.start({ dataDir, privateKey: peerKey, profile: 'test', limits: LIMITS })
}

async function serveHttp(file: string): Promise<void> {
  const server = createServer(
    (_request, response) => void createReadStream(file, { highWaterMark: 1024 * 1024 }).pipe(response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.send!({ port: (server.address() as AddressInfo).port } satisfies Started)
  process.on('disconnect', () => process.exit(0))
}

async function seed(dataDir: string, file: string): Promise<void> {
  const node = await startNode(dataDir)
  const { cid } = await node.files.publish(file)
  process.send!({ multiaddrs: node.multiaddrs, cid } satisfies Started)
  let stopProfile: (() => Promise<string[]>) | null = null
  process.on('message', (what: Question) => {
    void (async () => {
      if (what === 'profile') stopProfile = await profileTop()
      const profile = what === 'profiled' ? ((await stopProfile?.()) ?? []) : []
      process.send!({ served: node.files.figures().servedBytes, cpuMs: ownCpuMs(), profile } satisfies Told)
    })()
  })
  process.on('disconnect', () => process.exit(0))
}

async function child(...args: string[]): Promise<{ process: ChildProcess; started: Started }> {
  const started = fork(process.argv[1]!, args)
  const message = await new Promise<Started>((resolve, reject) => {
    started.once('message', (news) => resolve(news as Started))
    started.once('exit', (code) => reject(new Error(`a process ended with ${code ?? 'a signal'}`)))
  })
  return { process: started, started: message }
}

function tell(seeder: ChildProcess, what: Question): Promise<Told> {
  return new Promise((resolve) => {
    seeder.once('message', (news) => resolve(news as Told))
    seeder.send(what)
  })
}

async function seedersCpuMs(seeders: { process: ChildProcess }[]): Promise<number> {
  const told = await Promise.all(seeders.map(({ process }) => tell(process, 'served')))
  return told.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/**
 * Fetches the file over HTTP.
 * @param storeIn also SHA-256 and a file in this folder: what the peers' way does besides, in its cheapest form
 */
async function httpSeconds(port: number, storeIn: string | null = null): Promise<number> {
  const startedAt = performance.now()
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, resolve).on('error', reject)
  })
  let bytes = 0
  const hash = createHash('sha256')
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      hash.update(chunk)
      yield chunk
    }
  }
  if (storeIn !== null) {
    await pipeline(counted, createWriteStream(join(storeIn, 'stored.bin'), { highWaterMark: 1024 * 1024 }))
    hash.digest()
  } else {
    await new Promise((resolve, reject) => {
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', resolve)
      response.on('error', reject)
    })
  }
  if (bytes !== FILE_BYTES) throw new Error(`HTTP brought ${bytes} bytes`)
  return (performance.now() - startedAt) / 1000
}

/** Fetches the file from the peers, every block verified. */
async function peerSeconds(viewer: PeerNode, cid: CID, store: boolean): Promise<{ seconds: number; shares: number[] }> {
  const startedAt = performance.now()
  const opened = await viewer.files.open(cid, { store })
  let bytes = 0
  for await (const part of opened.read(0, opened.size, undefined, { lends: true })) bytes += part.length
  // closed: what is kept is in the library
  const shares = [...opened.figures!.bySource.values()].map((share) => share / FILE_BYTES)
  if (store) await opened.close()
  const seconds = (performance.now() - startedAt) / 1000
  if (!store) await opened.close()
  if (bytes !== FILE_BYTES) throw new Error(`the peers brought ${bytes} bytes`)
  return { seconds, shares }
}

/**
 * Milliseconds from a seek to the first verified bytes of the range that the player wants, sorted.
 * @param late as Chromium does: the range before is given up when the new one is on its way
 */
async function seekMs(viewer: PeerNode, cid: CID, late = false): Promise<number[]> {
  const seeks: number[] = []
  const opened = await viewer.files.open(cid, { store: false })
  for (let index = 0; index < SEEKS; index++) {
    const at = Math.floor(((index * 0.618) % 1) * (FILE_BYTES - 65_536))
    // as a player does: the range in full flow is given up, and another begins elsewhere
    const stop = new AbortController()
    const playing = opened.read(at > FILE_BYTES / 2 ? 0 : FILE_BYTES / 2, FILE_BYTES, stop.signal)
    await playing.next()
    const startedAt = performance.now()
    if (!late) stop.abort()
    const reader = opened.read(at, FILE_BYTES)
    await reader.next()
    stop.abort()
    seeks.push(performance.now() - startedAt)
    await Promise.allSettled([reader.return(undefined), playing.return(undefined)])
  }
  await opened.close()
  return seeks.sort((a, b) => a - b)
}

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'we-vod-'))
  const children: ChildProcess[] = []
  try {
    const file = join(folder, 'video.bin')
    const handle = await open(file, 'w')
    for (let at = 0; at < FILE_BYTES; at += 1024 * 1024) await handle.write(randomBytes(1024 * 1024))
    await handle.close()
    const server = await child('--serve', file)
    const seeders = []
    for (let index = 0; index < SEEDERS; index++) seeders.push(await child('--seed', join(folder, `s${index}`), file))
    children.push(server.process, ...seeders.map(({ process }) => process))
    const viewer = await startNode(join(folder, 'viewer'))
    await viewer.connect(seeders.flatMap(({ started }) => started.multiaddrs!))
    const cid = CID.parse(seeders[0]!.started.cid!)
    const mib = FILE_BYTES / 1024 / 1024

    const rounds: Round[] = []
    let pulls = 0
    for (let round = 0; round <= ROUNDS; round++) {
      const http = await httpSeconds(server.started.port!)
      const httpStored = await httpSeconds(server.started.port!, folder)
      const seedersBefore = await seedersCpuMs(seeders)
      const cpuBefore = ownCpuMs()
      const { seconds, shares } = await peerSeconds(viewer, cid, false)
      const viewerCpuMs = ownCpuMs() - cpuBefore
      const seedCpuMs = (await seedersCpuMs(seeders)) - seedersBefore
      const { seconds: peersStored } = await peerSeconds(viewer, cid, true)
      await viewer.files.remove(cid)
      pulls += 2
      // the first round warms up
      if (round > 0) rounds.push({ http, httpStored, peers: seconds, peersStored, viewerCpuMs, seedCpuMs, shares })
    }
    if (profiled) {
      await Promise.all(seeders.map(({ process }) => tell(process, 'profile')))
      const stopProfile = await profileTop()
      for (let round = 0; round < ROUNDS; round++) await peerSeconds(viewer, cid, false)
      pulls += ROUNDS
      const profile = await stopProfile()
      const told = await tell(seeders[0]!.process, 'profiled')
      console.log(['viewer', ...profile, 'a seeder', ...told.profile].join('\n'))
    }
    const told = await Promise.all(seeders.map(({ process }) => tell(process, 'served')))
    const served = told.reduce((sum, one) => sum + one.served, 0)
    // every pull also fetches the root, a few kilobytes
    const duplicates = served / (pulls * FILE_BYTES) - 1

    const seeks = await seekMs(viewer, cid)
    const seeksLate = await seekMs(viewer, cid, true)
    const alone = await startNode(join(folder, 'alone'))
    await alone.connect(seeders[0]!.started.multiaddrs!)
    const seeksOfOne = await seekMs(alone, cid)
    await alone.stop()
    await viewer.stop()

    const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
    const quantiles = (sorted: number[]): { p50: number; p95: number } => {
      const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)]! * 10) / 10
      return { p50: at(0.5), p95: at(0.95) }
    }
    const speed = (which: 'http' | 'httpStored' | 'peers' | 'peersStored'): number =>
      Math.round(median(rounds.map((round) => mib / round[which])))
    const perMib = (which: 'viewerCpuMs' | 'seedCpuMs'): number =>
      Math.round((median(rounds.map((round) => round[which])) / mib) * 100) / 100
    const thousandths = (value: number): number => Math.round(value * 1000) / 1000
    const result = {
      bench: 'vod',
      runtime: process.versions['electron'] ? 'electron' : `node ${process.version}`,
      mib,
      seeders: SEEDERS,
      httpMiBs: speed('http'),
      httpStoredMiBs: speed('httpStored'),
      peersMiBs: speed('peers'),
      peersStoredMiBs: speed('peersStored'),
      ofHttp: thousandths(median(rounds.map(({ http, peers }) => http / peers))),
      storedOfHttpStored: thousandths(median(rounds.map(({ httpStored, peersStored }) => httpStored / peersStored))),
      viewerCpuMsPerMiB: perMib('viewerCpuMs'),
      seedersCpuMsPerMiB: perMib('seedCpuMs'),
      duplicatesPercent: Math.round(duplicates * 10_000) / 100,
      shares: rounds.at(-1)!.shares.map((share) => Math.round(share * 100) / 100),
      ...{ seekMs: quantiles(seeks), seekLateMs: quantiles(seeksLate), seekOneSeederMs: quantiles(seeksOfOne) },
    }
    if (!process.argv.includes('--json')) {
      console.log(`${mib} MiB from ${SEEDERS} seeders: ${result.peersMiBs} MiB/s, plain HTTP ${result.httpMiBs} MiB/s`)
      console.log(
        `  ${Math.round(result.ofHttp * 100)} % of HTTP (goal 60 %), served ${result.duplicatesPercent} % more than needed`,
      )
      console.log(
        `  stored: ${result.peersStoredMiBs} MiB/s, HTTP with SHA-256 to a file ${result.httpStoredMiBs} MiB/s: ${Math.round(result.storedOfHttpStored * 100)} %`,
      )
      console.log(`  CPU ms a MiB: viewer ${result.viewerCpuMsPerMiB}, seeders ${result.seedersCpuMsPerMiB}`)
      for (const [from, { p50, p95 }] of [
        [`${SEEDERS} seeders`, result.seekMs],
        [`${SEEDERS} seeders, before the place before is given up`, result.seekLateMs],
        ['one seeder', result.seekOneSeederMs],
      ] as const) {
        console.log(`  seek to the first verified bytes, ${from}: p50 ${p50} ms, p95 ${p95} ms (goal 200 ms)`)
      }
    }
    console.log(JSON.stringify(result))
  } finally {
    for (const one of children) one.kill()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  process.exit(0)
}
