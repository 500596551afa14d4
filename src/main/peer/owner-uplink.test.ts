import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { LevelDatastore } from 'datastore-level'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import { afterEach, expect, test } from 'vitest'
import { planFor } from '@shared/mesh/mesh-plan'
import { INIT, SyntheticShow } from './mesh/testing/synthetic-show'
import { OwnerUplink, type UplinkUser } from './owner-uplink'
import { PeerNode } from './peer-node'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** @param seenBps what its line was seen to carry in its networks before */
async function open(uplinkKbps = 0, seenBps = 0): Promise<PeerNode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'we-uplink-'))
  if (seenBps > 0) {
    const records = new LevelDatastore(join(dataDir, 'records'))
    await records.open()
    const seen = { near: { bps: seenBps, at: Date.now() }, far: null }
    await records.put(new Key('/we/line'), new TextEncoder().encode(JSON.stringify(seen)))
    await records.close()
  }
  const privateKey = await generateKeyPair('Ed25519')
  const limits = { spaceBytes: 2 ** 34, uplinkKbps }
  const node = await PeerNode.start({ dataDir, privateKey, profile: 'test', limits })
  ends.push(async () => {
    await node.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  return node
}

interface Tried extends UplinkUser {
  allowed: number
  promised: number
}

function user(needBps: number, promised: number): Tried {
  const made: Tried = {
    ...{ needBps, promised, allowed: NaN },
    sentBytes: () => 0,
    promisedBps: () => made.promised,
    allow: (bps) => (made.allowed = bps),
  }
  return made
}

test('the own show comes first, what is watched keeps its places as far as the limit goes, and the rest is told', () => {
  const line = new OwnerUplink()
  ends.push(() => line.stop())
  const [own, first, second] = [user(2e6, 1.8e6), user(0, 3e6), user(0, 1e6)]
  for (const one of [own, first, second]) line.add(one)
  expect(own.allowed).toBeNaN() // nothing is changed where nobody asked for a limit
  line.kbps = 10_000
  expect([own.allowed, first.allowed, second.allowed]).toEqual([10e6, 7e6, 5e6])
  expect(line.room).toEqual({ limitKbps: 10_000, needKbps: 2_000, leftKbps: 4_000 })
  line.kbps = 4_000
  expect([own.allowed, first.allowed, second.allowed]).toEqual([4e6, 1e6, 1e6])
  line.kbps = 1_000
  expect([own.allowed, first.allowed, second.allowed]).toEqual([2e6, 0, 0])
  expect(line.room.leftKbps).toBe(0)
  line.kbps = 0
  expect([own.allowed, first.allowed, second.allowed]).toEqual([Infinity, Infinity, Infinity])
})

test('a viewer gives others no more than its owner allows, the live before files, and every picture arrives', async () => {
  const LIMIT_KBPS = 6_000
  const source = await open()
  const broadcast = await source.startBroadcast(
    { title: 'A show', category: 'Talk' },
    { width: 640, height: 360, fps: 30, mimeType: 'video/mp4; codecs="avc1.42c01e,mp4a.40.2"' },
    // the line of the broadcaster holds one viewer: the second can be served by the first only
    { mesh: planFor(1_296), uplinkKbps: 1_400 },
  )
  broadcast.setInit(INIT)
  const show = new SyntheticShow(1_200, {
    config: (config) => broadcast.config(config),
    unit: (unit) => broadcast.unit(unit),
    segment: (bytes, borders, durationMs) => void broadcast.publish(bytes, { durationMs, borders }),
  })
  ends.push(() => show.stop())
  const giver = await open(LIMIT_KBPS, 20e6)
  const giving = await giver.watch(broadcast.url, { peers: source.multiaddrs })
  let shown = 0
  giving.on('feed', ({ t }) => (shown += t === 'unit' ? 1 : 0))
  for (let waited = 0; shown < 30 && waited < 30_000; waited += 50) await wait(50)
  const taker = await open()
  const slots: number[] = []
  const taking = await taker.watch(broadcast.url, { peers: source.multiaddrs })
  taking.on('feed', (message) => {
    if (message.t === 'unit' && message.unit.track === 'picture') slots.push(message.unit.slot)
  })
  for (let waited = 0; giving.piecesServed === 0 && waited < 30_000; waited += 50) await wait(50)
  expect(giving.piecesServed).toBeGreaterThan(0)
  // what its line was seen to carry counts from the first moment (it begins with 2), as far as its owner allows
  expect(giving.meshFigures!.slots).toBe(Math.floor(LIMIT_KBPS / (1_296 * 1.04)))

  const path = join(await mkdtemp(join(tmpdir(), 'we-uplink-file-')), 'file')
  ends.push(() => rm(path, { force: true }))
  await writeFile(path, randomBytes(24 << 20))
  const { cid } = await giver.files.publish(path)
  await taker.connect(giver.multiaddrs)
  const stop = new AbortController()
  const fetching = taker.files.pin(CID.parse(cid), { signal: stop.signal }).catch(() => undefined)
  await wait(1_000)
  const given = (): number => giving.stats().bytesServed + giver.files.figures().servedBytes
  const before = { all: given(), live: giving.piecesServed, at: performance.now() }
  await wait(3_000)
  const seconds = (performance.now() - before.at) / 1000
  const kbps = ((given() - before.all) * 8) / 1000 / seconds
  const liveKbps = ((giving.piecesServed - before.live) * 8) / 1000 / seconds
  console.log(`given ${kbps.toFixed(0)} kbit/s of ${LIMIT_KBPS}, live ${liveKbps.toFixed(0)}`)
  expect(kbps).toBeLessThan(LIMIT_KBPS * 1.1)
  expect(kbps).toBeGreaterThan(LIMIT_KBPS * 0.6)
  expect(liveKbps).toBeGreaterThan(800)
  expect(slots.slice(-60)).toEqual(Array.from({ length: 60 }, (_, index) => slots.at(-60)! + index))

  // less than one viewer takes: the place is given up, and files get all of it
  await giver.files.setLimits({ spaceBytes: 2 ** 34, uplinkKbps: 1_000 })
  await wait(300)
  const low = { all: given(), live: giving.piecesServed, at: performance.now() }
  await wait(1_500)
  expect(giving.piecesServed).toBe(low.live)
  expect(((given() - low.all) * 8) / (performance.now() - low.at)).toBeLessThan(1_500)
  stop.abort()
  await fetching
})
