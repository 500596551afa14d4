import '../src/main/platform/runtime-floor'
import { fork, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  process.on('message', (what) => {
    void (async () => {
      if (what === 'profile') stopProfile = await profileTop()
      const profile = what === 'served' ? ((await stopProfile?.()) ?? []) : []
      process.send!({ served: node.files.figures().servedBytes, profile })
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

function tell(seeder: ChildProcess, what: 'profile' | 'served'): Promise<{ served: number; profile: string[] }> {
  return new Promise((resolve) => {
    seeder.once('message', (news) => resolve(news as { served: number; profile: string[] }))
    seeder.send(what)
  })
}

/** @param hashed also SHA-256, as blocks are verified with: what verifying alone costs */
function httpSeconds(port: number, hashed = false): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let bytes = 0
      const hash = createHash('sha256')
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (hashed) hash.update(chunk)
      })
      response.on('end', () => {
        hash.digest()
        if (bytes === FILE_BYTES) resolve((performance.now() - startedAt) / 1000)
        else reject(new Error(`HTTP brought ${bytes} bytes`))
      })
    }).on('error', reject)
  })
}

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'we-vod-'))
  const children: ChildProcess[] = []
  try {
    const file = join(folder, 'video.bin')
    const handle = await open(file, 'w')
    for (let at = 0; at < FILE_BYTES; at += 1024 * 1024) await handle.write(randomBytes(1024 * 1024))
    await handle.close()
    const http = await child('--serve', file)
    const seeders = []
    for (let index = 0; index < SEEDERS; index++) seeders.push(await child('--seed', join(folder, `s${index}`), file))
    children.push(http.process, ...seeders.map(({ process }) => process))
    const viewer = await startNode(join(folder, 'viewer'))
    await viewer.connect(seeders.flatMap(({ started }) => started.multiaddrs!))
    const cid = CID.parse(seeders[0]!.started.cid!)
    const mib = FILE_BYTES / 1024 / 1024

    const stopProfile = profiled ? await profileTop() : null
    if (profiled) await Promise.all(seeders.map(({ process }) => tell(process, 'profile')))
    const rounds: { http: number; hashed: number; peers: number; cpuMs: number; shares: number[] }[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const httpS = await httpSeconds(http.started.port!)
      const hashedS = await httpSeconds(http.started.port!, true)
      const cpuBefore = ownCpuMs()
      const startedAt = performance.now()
      const opened = await viewer.files.open(cid, { store: false })
      let bytes = 0
      for await (const part of opened.read()) bytes += part.length
      const seconds = (performance.now() - startedAt) / 1000
      const cpuMs = ownCpuMs() - cpuBefore
      if (bytes !== FILE_BYTES) throw new Error(`the peers brought ${bytes} bytes`)
      const shares = [...opened.figures!.bySource.values()].map((share) => share / FILE_BYTES)
      await opened.close()
      // the first round warms up
      if (round > 0) rounds.push({ http: mib / httpS, hashed: mib / hashedS, peers: mib / seconds, cpuMs, shares })
    }
    const told = await Promise.all(seeders.map(({ process }) => tell(process, 'served')))
    if (stopProfile) console.log(['viewer', ...(await stopProfile()), 'a seeder', ...told[0]!.profile].join('\n'))
    const served = told.reduce((sum, one) => sum + one.served, 0)
    // every round also fetches the root, a few kilobytes
    const duplicates = served / ((ROUNDS + 1) * FILE_BYTES) - 1

    const seeks: number[] = []
    const opened = await viewer.files.open(cid, { store: false })
    for (let index = 0; index < SEEKS; index++) {
      const at = Math.floor(((index * 0.618) % 1) * (FILE_BYTES - 65_536))
      // as a player does: a reader in full flow is left where it is, and another begins elsewhere
      const stop = new AbortController()
      const playing = opened.read(at > FILE_BYTES / 2 ? 0 : FILE_BYTES / 2, FILE_BYTES, stop.signal)
      await playing.next()
      const startedAt = performance.now()
      stop.abort()
      const reader = opened.read(at, FILE_BYTES)
      await reader.next()
      seeks.push(performance.now() - startedAt)
      await Promise.allSettled([reader.return(undefined), playing.return(undefined)])
    }
    await opened.close()
    await viewer.stop()

    const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
    const ratio = median(rounds.map(({ http: of, peers }) => peers / of))
    const result = {
      bench: 'vod',
      mib,
      seeders: SEEDERS,
      httpMiBs: Math.round(median(rounds.map((one) => one.http))),
      peersMiBs: Math.round(median(rounds.map((one) => one.peers))),
      httpHashedMiBs: Math.round(median(rounds.map((one) => one.hashed))),
      ofHttp: Math.round(ratio * 1000) / 1000,
      ofHttpHashed: Math.round(median(rounds.map(({ hashed, peers }) => peers / hashed)) * 1000) / 1000,
      viewerCpuMsPerMiB: Math.round((median(rounds.map(({ cpuMs }) => cpuMs)) / mib) * 100) / 100,
      duplicatesPercent: Math.round(duplicates * 10_000) / 100,
      shares: rounds.at(-1)!.shares.map((share) => Math.round(share * 100) / 100),
      seekMs: {
        p50: Math.round(median(seeks) * 10) / 10,
        p95: Math.round(seeks[Math.floor(seeks.length * 0.95)]! * 10) / 10,
      },
    }
    if (!process.argv.includes('--json')) {
      console.log(`${mib} MiB from ${SEEDERS} seeders: ${result.peersMiBs} MiB/s, plain HTTP ${result.httpMiBs} MiB/s`)
      console.log(
        `  ${Math.round(ratio * 100)} % of HTTP (goal 60 %), served ${result.duplicatesPercent} % more than needed`,
      )
      console.log(`  seek to first verified bytes: p50 ${result.seekMs.p50} ms, p95 ${result.seekMs.p95} ms`)
    }
    console.log(JSON.stringify(result))
  } finally {
    for (const one of children) one.kill()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  process.exit(0)
}
