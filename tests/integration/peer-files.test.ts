import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createFileEncoderStream } from 'ipfs-car'
import { CID } from 'multiformats/cid'
import { afterEach, expect, test, vi } from 'vitest'
import { PeerNode } from '../../src/main/peer/peer-node'
import { SharedViews } from '../../src/main/peer/shared-views'
import { captionsInAddress } from '../../src/main/peer/storage/file-captions'
import { LibraryService } from '../../src/main/peer/storage/library-service'
import { LiveKeeper } from '../../src/main/peer/storage/live-keeper'
import type { OpenFile } from '../../src/main/peer/storage/open-file'
import { importFile } from '../../src/main/peer/storage/publish-file'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

const MIB = 1024 * 1024
const folders: string[] = []
const nodes: PeerNode[] = []
const run = promisify(execFile)

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'we-files-'))
  folders.push(dir)
  return dir
}

async function node(options: { dataDir?: string; spaceBytes?: number; uplinkKbps?: number } = {}): Promise<PeerNode> {
  const dataDir = options.dataDir ?? (await folder())
  const { peerKey } = await loadDeviceKey(dataDir)
  const limits = { spaceBytes: options.spaceBytes ?? 2 ** 34, uplinkKbps: options.uplinkKbps ?? 0 }
  const started = await PeerNode.start({ dataDir, privateKey: peerKey, profile: 'test', limits })
  nodes.push(started)
  return started
}

async function fileOf(bytes: number): Promise<{ path: string; content: Buffer }> {
  const path = join(await folder(), 'clip.mp4')
  const content = randomBytes(bytes)
  await writeFile(path, content)
  return { path, content }
}

async function readAll(file: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of file) parts.push(part)
  return Buffer.concat(parts)
}

/** As players do: a piece is taken before the next is asked for, and its memory is used again. */
async function readLent(file: OpenFile): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of file.read(0, file.size, undefined, { lends: true })) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

/** Blocks on disk, in bytes. */
async function blocksOnDisk(dir: string): Promise<number> {
  let count = 0
  for (const name of await readdir(join(dir, 'blocks'))) count += (await readdir(join(dir, 'blocks', name))).length
  return count
}

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((one) => one.stop()))
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

test.each([0, 1, 5000, MIB, MIB + 1, 5 * MIB + 17])(
  'a file of %i bytes gets the CID that ipfs-car, another implementation, gives',
  async (bytes) => {
    const { path, content } = await fileOf(bytes)
    const one = await node()
    const stored = await one.files.publish(path)
    let theirs: CID | undefined
    const stream = createFileEncoderStream(await openAsBlob(path))
    for await (const block of stream as unknown as AsyncIterable<{ cid: CID }>) theirs = block.cid
    expect(stored.cid).toBe(theirs!.toString())
    expect(stored).toMatchObject({ title: 'clip.mp4', size: bytes, pinned: true, complete: true })
    const file = await one.files.open(CID.parse(stored.cid))
    expect(Buffer.compare(await readAll(file.read()), content)).toBe(0)
    await file.close()
  },
)

test("the classic layout gives kubo's CIDs", async () => {
  const one = await node()
  // what `ipfs add` (kubo, CIDv0, 256 KiB, width 174) prints for these bytes
  const path = join(await folder(), 'hello.txt')
  await writeFile(path, 'hello world\n')
  expect((await one.files.publish(path, { layout: 'kubo' })).cid).toBe('QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o')
  const { path: large, content } = await fileOf(600_000)
  const { cid } = await one.files.publish(large, { layout: 'kubo' })
  const file = await one.files.open(CID.parse(cid))
  expect(Buffer.compare(await readAll(file.read(1000, 300_000)), content.subarray(1000, 300_000))).toBe(0)
  await file.close()
})

/** What Debian's `ipfs_cid` 0.0~git20200813 (Rust, an implementation without JavaScript) printed for the first bytes of `pattern`. */
const RUST_CIDS: [number, string][] = [
  [0, 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'],
  [1, 'QmS9JArPwa55ePgDnyg6TzX24mYTS1b1vLqWNebyVotKxQ'],
  [262_143, 'QmWrhMr2ezHVZ5ikXbAXUTfpzMMrvir85mC1EPuREVUHF8'],
  [262_144, 'QmVwssxbD7qXmDP7iSkicicxA1BXqRMiAEUtWMHSTwHZwQ'],
  [262_145, 'Qmaq6BTRta2uaBdUvDA4u1za9vNz6jLuJKRHe4pvmCDaop'],
  [600_000, 'QmZ9faWEDYTasnWHXPxriVfLgvNji8ob4v4bQ2LDEcvTpX'],
  // as many leaves as one branch holds, and one more: the tree grows a level
  [174 * 262_144, 'Qmao2ysNhRJ1sFbHseaJbjyKMonQTn66GKvs8eMkkTweXL'],
  [174 * 262_144 + 1, 'QmXC9NxMi2LBC4VqydYYLpjrFHpksjwwx7MmK8TW63hDHc'],
]

test('the classic layout gives the CIDs of an implementation in Rust, from the empty file to trees of two levels', async () => {
  const pattern = Buffer.alloc(RUST_CIDS.at(-1)![0])
  for (let at = 0; at < pattern.length; at++) pattern[at] = at * 31 + (at >>> 8) * 17 + (at >>> 16) * 7
  const path = join(await folder(), 'pattern.bin')
  const nothing = (): Promise<void> => Promise.resolve()
  const draft = { put: nothing, keep: nothing, drop: nothing }
  let judged = 0
  for (const [bytes, printed] of RUST_CIDS) {
    await writeFile(path, pattern.subarray(0, bytes))
    const { cid, size } = await importFile(path, draft, { layout: 'kubo' })
    expect([size, cid.toString()]).toEqual([bytes, printed])
    const judge = await run('ipfs_cid', [path]).catch(() => null)
    if (judge === null) continue
    judged += 1
    expect(judge.stdout).toContain(`"${cid.toString()}"`)
  }
  if (judged === 0) console.warn('NOT ASKED AGAIN: ipfs_cid (Debian) is not here; compared with what it printed once')
  else expect(judged).toBe(RUST_CIDS.length)
})

test('a CAR made here unpacks with ipfs-car, and one packed by ipfs-car is taken here', async () => {
  const { path, content } = await fileOf(3 * MIB + 5)
  const [one, other] = [await node(), await node()]
  const stored = await one.files.publish(path)
  const dir = await folder()
  const car = join(dir, 'clip.car')
  await one.files.exportCar(CID.parse(stored.cid), car)
  const ipfsCar = join(import.meta.dirname, '../../node_modules/ipfs-car/bin.js')
  await run(process.execPath, [ipfsCar, 'unpack', car, '--output', join(dir, 'out')])
  expect(Buffer.compare(await readFile(join(dir, 'out')), content)).toBe(0)

  const theirs = join(dir, 'theirs.car')
  await run(process.execPath, [ipfsCar, 'pack', path, '--no-wrap', '--output', theirs])
  const taken = await other.files.importCar(theirs)
  expect(taken).toMatchObject({ cid: stored.cid, size: content.length, title: 'theirs', pinned: true, complete: true })
  const file = await other.files.open(CID.parse(taken.cid))
  expect(Buffer.compare(await readAll(file.read()), content)).toBe(0)
  await file.close()
})

test('a broken CAR is refused in words and leaves nothing', async () => {
  const { path } = await fileOf(3 * MIB)
  const maker = await node()
  const stored = await maker.files.publish(path)
  const dir = await folder()
  const car = join(dir, 'good.car')
  await maker.files.exportCar(CID.parse(stored.cid), car)
  const good = await readFile(car)
  const changed = Buffer.from(good)
  changed[2 * MIB]! ^= 1
  const broken = {
    'cut off': good.subarray(0, 2 * MIB),
    'a bit changed': changed,
    'a part missing': good.subarray(0, good.length - (MIB + 38)),
    'no CAR at all': randomBytes(1000),
    empty: Buffer.alloc(0),
    'a huge length': Buffer.concat([good.subarray(0, 59), Buffer.from([255, 255, 255, 255, 255, 127])]),
  }
  const dataDir = await folder()
  const taker = await node({ dataDir })
  for (const [name, bytes] of Object.entries(broken)) {
    const file = join(dir, 'broken.car')
    await writeFile(file, bytes)
    await expect(taker.files.importCar(file), name).rejects.toMatchObject({ code: 'bad-car' })
  }
  expect(taker.files.list()).toEqual([])
  expect(taker.files.figures().storedBytes).toBe(0)
  expect(await blocksOnDisk(dataDir)).toBe(0)
})

test('what was published is there after a restart, title and pin kept; a cancelled one left nothing', async () => {
  const { path } = await fileOf(3 * MIB)
  const dataDir = await folder()
  const first = await node({ dataDir })
  const stored = await first.files.publish(path, { title: 'My first clip' })
  const stop = new AbortController()
  const { path: other } = await fileOf(20 * MIB)
  await expect(
    first.files.publish(other, { signal: stop.signal, onProgress: (done) => done > 5 * MIB && stop.abort() }),
  ).rejects.toThrow()
  expect(await blocksOnDisk(dataDir)).toBe(4)
  await first.stop()
  const again = await node({ dataDir })
  expect(again.files.list()).toMatchObject([{ cid: stored.cid, title: 'My first clip', pinned: true, complete: true }])
  await again.files.remove(CID.parse(stored.cid))
  expect(await blocksOnDisk(dataDir)).toBe(0)
})

test('collecting takes only what is neither pinned nor being played, and shared blocks stay', async () => {
  const dataDir = await folder()
  const one = await node({ dataDir })
  const { path, content } = await fileOf(4 * MIB)
  const sharing = join(await folder(), 'longer.mp4')
  await writeFile(sharing, Buffer.concat([content, randomBytes(MIB)]))
  const pinned = CID.parse((await one.files.publish(path)).cid)
  const loose = CID.parse((await one.files.publish(sharing)).cid)
  const played = CID.parse((await one.files.publish((await fileOf(2 * MIB)).path)).cid)
  await one.files.unpin(loose)
  await one.files.unpin(played)
  const open = await one.files.open(played)
  expect(one.files.figures().storedBytes).toBeLessThan(7.1 * MIB)
  await one.files.collect()
  expect(one.files.list().map(({ cid }) => cid)).toEqual(expect.arrayContaining([pinned.toString(), played.toString()]))
  expect(one.files.list()).toHaveLength(2)
  await expect(one.files.remove(played)).rejects.toMatchObject({ code: 'file-in-use' })
  const file = await one.files.open(pinned)
  expect(Buffer.compare(await readAll(file.read()), content)).toBe(0)
  await file.close()
  await open.close()
  await one.files.collect()
  expect(one.files.list()).toHaveLength(1)
})

test('the space limit lets the longest unused go first, and never a pinned file', async () => {
  const one = await node({ spaceBytes: 64 * MIB })
  const oldest = await one.files.publish((await fileOf(20 * MIB)).path)
  const newer = await one.files.publish((await fileOf(20 * MIB)).path)
  await one.files.unpin(CID.parse(oldest.cid))
  await one.files.unpin(CID.parse(newer.cid))
  const third = await one.files.publish((await fileOf(40 * MIB)).path)
  expect(one.files.list().map(({ cid }) => cid)).toEqual([third.cid, newer.cid])
  await expect(one.files.publish((await fileOf(30 * MIB)).path)).rejects.toMatchObject({ code: 'no-space' })
  expect(one.files.list().map(({ cid }) => cid)).toEqual([third.cid])
  expect(one.files.figures().storedBytes).toBeLessThan(41 * MIB)
})

test('three seeders share the work, nothing comes twice, and a range comes at once', async () => {
  const { path, content } = await fileOf(30 * MIB)
  const seeders = [await node(), await node(), await node()]
  const [stored] = await Promise.all(seeders.map((one) => one.files.publish(path)))
  const text = stored!.cid
  const cid = CID.parse(text)
  const viewer = await node()
  await viewer.connect(seeders.flatMap((one) => one.multiaddrs))
  const file = await viewer.files.open(cid)
  expect(
    Buffer.compare(
      await readAll(file.read(20 * MIB + 5, 20 * MIB + 105)),
      content.subarray(20 * MIB + 5, 20 * MIB + 105),
    ),
  ).toBe(0)
  expect(Buffer.compare(await readLent(file), content)).toBe(0)
  const { bytes, duplicate, bySource } = file.figures!
  expect(bytes).toBeGreaterThanOrEqual(30 * MIB)
  expect(duplicate).toBeLessThan(0.02 * bytes)
  expect(bySource.size).toBe(3)
  for (const share of bySource.values()) expect(share).toBeGreaterThan(3 * MIB)
  await file.close()
  expect(viewer.files.list()).toMatchObject([{ cid: text, complete: true, pinned: false }])
  const kept = await viewer.files.open(cid)
  expect(Buffer.compare(await readAll(kept.read()), content)).toBe(0)
  expect(kept.figures).toBeNull() // from the disk, every block as it should be
  await kept.close()
  const served = seeders.reduce((sum, one) => sum + one.files.figures().servedBytes, 0)
  expect(served).toBeLessThan(1.02 * (30 * MIB + 3000))
})

test('a seeder that leaves in the middle costs nothing but a moment', async () => {
  const { path, content } = await fileOf(24 * MIB)
  const [staying, leaving] = [await node(), await node()]
  const { cid } = await staying.files.publish(path)
  await leaving.files.publish(path)
  await Promise.all([staying, leaving].map((one) => one.files.setLimits({ spaceBytes: 2 ** 34, uplinkKbps: 80_000 })))
  const viewer = await node()
  await viewer.connect([...staying.multiaddrs, ...leaving.multiaddrs])
  const file = await viewer.files.open(CID.parse(cid))
  setTimeout(() => void leaving.stop(), 300)
  // and another reader takes a part of the same blocks meanwhile
  const other = readAll(file.read(8 * MIB, 20 * MIB))
  expect(Buffer.compare(await readLent(file), content)).toBe(0)
  expect(Buffer.compare(await other, content.subarray(8 * MIB, 20 * MIB))).toBe(0)
  await file.close()
})

test('the uplink limit holds', async () => {
  const { path } = await fileOf(3 * MIB)
  const seeder = await node({ uplinkKbps: 16_000 })
  const { cid } = await seeder.files.publish(path)
  const viewer = await node()
  await viewer.connect(seeder.multiaddrs)
  const startedAt = performance.now()
  const file = await viewer.files.open(CID.parse(cid))
  await readAll(file.read())
  await file.close()
  const ms = performance.now() - startedAt
  expect(ms).toBeGreaterThan(1350) // 3 MiB at 2 MB a second take 1.57 s; less the first burst
})

test('a file that nobody has is waited for until the person gives up', async () => {
  const [one, other] = [await node(), await node()]
  await one.connect(other.multiaddrs)
  const missing = CID.parse('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4')
  const reason = new Error('enough')
  const stop = new AbortController()
  setTimeout(() => stop.abort(reason), 500)
  await expect(one.files.open(missing, { signal: stop.signal })).rejects.toBe(reason)
})

test('the link of a video carries its captions: who opens it gets them from whoever has the video, and passes them on', async () => {
  const { path } = await fileOf(5000)
  const [maker, friend, third] = [await node(), await node(), await node()]
  const { cid } = await maker.files.publish(path, { title: 'Talk' })
  const captions = [
    { lang: 'en', text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n' },
    { lang: 'zh', text: 'WEBVTT\n\n00:01.000 --> 00:02.000\n你好\n' },
  ]
  const { url } = await maker.files.keepCaptions(CID.parse(cid), captions)
  expect(url).toMatch(/^we:\/\/ipfs\/b[a-z2-7]{58}\?captions=en:bafkrei[a-z2-7]{52},zh:bafkrei[a-z2-7]{52}#Talk$/)

  await friend.connect(maker.multiaddrs)
  const services = [friend, third].map((one) => new LibraryService(one.files, () => undefined))
  const [atFriend, atThird] = services as [LibraryService, LibraryService]
  expect(await atFriend.readers.about(url)).toMatchObject({ cid, size: 5000 })
  expect(await atFriend.captionsOf(url)).toEqual(captions)
  expect(friend.files.list()).toMatchObject([{ url }])
  await maker.stop()
  await third.connect(friend.multiaddrs)
  await atThird.pin(url)
  expect(await atThird.captionsOf(url)).toEqual(captions)
  // by its CID alone they are there now too, and they go with the video
  await friend.stop()
  expect(await atThird.captionsOf(cid)).toEqual(captions)
  await atThird.remove(cid)
  expect(third.files.figures().storedBytes).toBe(0)
  // whoever changed a link can only take captions away, or name others
  expect(captionsInAddress(url.replace('?captions=en:', '?captions=<b>:'))).toEqual([captionsInAddress(url)[1]])
  expect(captionsInAddress(`${url}?captions=en:${cid}`)).toHaveLength(2)
  expect(captionsInAddress('we://ipfs/x?captions=en:QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH,:')).toEqual([])
  await Promise.all(services.map((one) => one.close()))
})

test('a liar is barred, and the file arrives whole from the others', async () => {
  const { path, content } = await fileOf(8 * MIB)
  const liarDir = await folder()
  const [honest, liar] = [await node(), await node({ dataDir: liarDir })]
  const { cid } = await honest.files.publish(path)
  await liar.files.publish(path)
  for (const dir of await readdir(join(liarDir, 'blocks'))) {
    for (const name of await readdir(join(liarDir, 'blocks', dir))) {
      const block = join(liarDir, 'blocks', dir, name)
      const bytes = await readFile(block)
      bytes[0]! ^= 1
      await writeFile(block, bytes)
    }
  }
  const viewer = await node()
  await viewer.connect([...honest.multiaddrs, ...liar.multiaddrs])
  const file = await viewer.files.open(CID.parse(cid))
  expect(Buffer.compare(await readAll(file.read()), content)).toBe(0)
  expect([...file.figures!.bySource.keys()]).toEqual([honest.peerId])
  expect(file.sources).not.toContain(liar.peerId)
  await file.close()
  const again = await viewer.files.open(CID.parse(cid))
  expect(Buffer.compare(await readAll(again.read()), content)).toBe(0)
  await again.close()
})

const kubo = process.env['KUBO_API']
if (kubo === undefined) console.warn('NOT RUN: comparison with kubo, since KUBO_API is not set (http://127.0.0.1:5001)')

/** A call of kubo's RPC; what goes wrong there is told in its own words. */
async function askKubo(command: string, body: FormData | null = null): Promise<Response> {
  const answer = await fetch(`${kubo!.replace(/\/$/, '')}/api/v0/${command}`, { method: 'POST', body })
  if (!answer.ok) throw new Error(`kubo, ${command}: ${answer.status} ${await answer.text()}`)
  return answer
}

function formOf(content: Uint8Array): FormData {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(content)]))
  return form
}

// 46 MiB is more than one row of 174 links of 256 KiB, as kubo's own layout has them.
test.skipIf(kubo === undefined).each([3 * MIB + 7, 46 * MIB + 11])(
  'a kubo node gives the same CIDs as we for %i bytes, takes our CAR, and we take its CAR',
  async (bytes) => {
    const { path, content } = await fileOf(bytes)
    const one = await node()
    const stored = await one.files.publish(path)
    const classic = await one.files.publish(path, { layout: 'kubo' })
    const add = async (query: string): Promise<string> => {
      const answer = await askKubo(`add?${query}&pin=false&progress=false`, formOf(content))
      return ((await answer.json()) as { Hash: string }).Hash
    }
    const cat = async (cid: string): Promise<Buffer> => {
      return Buffer.from(await (await askKubo(`cat?arg=${cid}`)).arrayBuffer())
    }
    // Ours first: it must come out of our blocks, before kubo has made its own.
    const car = join(await folder(), 'clip.car')
    await one.files.exportCar(CID.parse(stored.cid), car)
    await askKubo('dag/import?pin-roots=false', formOf(await readFile(car)))
    expect(Buffer.compare(await cat(stored.cid), content)).toBe(0)
    // `max-file-links` needs kubo 0.35; an older one says that it does not know it.
    const modern = 'cid-version=1&raw-leaves=true&chunker=size-1048576&max-file-links=1024'
    expect(await add(modern)).toBe(stored.cid)
    expect(await add('cid-version=0&raw-leaves=false&chunker=size-262144')).toBe(classic.cid)
    expect(Buffer.compare(await cat(classic.cid), content)).toBe(0)
    const theirs = join(await folder(), 'kubo.car')
    await writeFile(theirs, Buffer.from(await (await askKubo(`dag/export?arg=${classic.cid}`)).arrayBuffer()))
    const other = await node()
    await other.files.importCar(theirs)
    const file = await other.files.open(CID.parse(classic.cid))
    expect(Buffer.compare(await readAll(file.read()), content)).toBe(0)
    await file.close()
  },
  120_000,
)

test('a file that is pinned while it plays is kept whole, also after a restart', async () => {
  const { path, content } = await fileOf(6 * MIB)
  const seeder = await node()
  const cid = CID.parse((await seeder.files.publish(path)).cid)
  const dataDir = await folder()
  const viewer = await node({ dataDir })
  await viewer.connect(seeder.multiaddrs)
  const playing = await viewer.files.open(cid)
  await readAll(playing.read(2 * MIB, 5 * MIB))
  await viewer.files.pin(cid)
  expect(viewer.files.list()).toMatchObject([{ complete: true, pinned: true }])
  expect(viewer.files.figures().pinnedBytes).toBeGreaterThan(6 * MIB)
  await playing.close()
  await viewer.stop()
  await seeder.stop()
  const again = await node({ dataDir })
  await again.files.collect()
  const file = await again.files.open(cid)
  expect(Buffer.compare(await readAll(file.read()), content)).toBe(0)
  await file.close()
})

test('a seeder keeps the lives of its channel: the finished show is one file of the very segments', async () => {
  const [broadcaster, seeder] = [await node(), await node()]
  await seeder.connect(broadcaster.multiaddrs)
  const told: string[] = []
  const keeper = new LiveKeeper(seeder, new Set([broadcaster.peerId]), (name) => told.push(name))
  keeper.start()
  const broadcast = await broadcaster.startBroadcast(
    { title: 'Evening talk', category: 'Talk' },
    { width: 640, height: 360, fps: 30, mimeType: 'video/mp4' },
  )
  const init = randomBytes(1000)
  const segments = Array.from({ length: 5 }, () => randomBytes(50_000))
  broadcast.setInit(init)
  await broadcast.publish(segments[0]!, { durationMs: 200 })
  await vi.waitFor(() => expect(told).toContain('keeping'), { timeout: 30_000 })
  const takes = (bytes: number): Promise<void> =>
    vi.waitFor(() => expect(keeper.shows()).toMatchObject([{ bytes }]), { timeout: 30_000, interval: 20 })
  for (const [at, segment] of segments.slice(1).entries()) {
    await takes((at + 1) * 50_000)
    await broadcast.publish(segment, { durationMs: 200 })
  }
  await takes(segments.length * 50_000)
  await broadcast.stop()
  await vi.waitFor(() => expect(told).toContain('kept'), { timeout: 30_000 })
  await keeper.stop()
  const [kept] = seeder.files.list()
  expect(kept).toMatchObject({ title: 'Evening talk', complete: true, pinned: false })
  const file = await seeder.files.open(CID.parse(kept!.cid))
  expect(Buffer.compare(await readAll(file.read()), Buffer.concat([init, ...segments]))).toBe(0)
  await file.close()
})

test('a change of whose lives are kept is followed at once, beside a person who watches the same live', async () => {
  const [broadcaster, seeder] = [await node(), await node()]
  await seeder.connect(broadcaster.multiaddrs)
  const views = new SharedViews(seeder)
  const keeper = new LiveKeeper(seeder, new Set(), () => undefined, views)
  keeper.start()
  const broadcast = await broadcaster.startBroadcast(
    { title: 'Evening talk', category: 'Talk' },
    { width: 640, height: 360, fps: 30, mimeType: 'video/mp4' },
  )
  const init = randomBytes(1000)
  broadcast.setInit(init)
  const segments: Buffer[] = []
  const publish = (): Promise<unknown> => {
    const segment = randomBytes(50_000)
    segments.push(segment)
    return broadcast.publish(segment, { durationMs: 200 })
  }
  const patiently = { timeout: 30_000, interval: 20 }
  /** Segments that the keeper has taken since it began. */
  const takes = (count: number): Promise<void> =>
    vi.waitFor(() => expect(keeper.shows()).toMatchObject([{ state: 'keeping', bytes: count * 50_000 }]), patiently)
  await publish()
  await vi.waitFor(() => expect(seeder.lives()).toHaveLength(1), patiently)
  expect(keeper.shows()).toEqual([])

  const watched = await views.hold(broadcast.url, { quality: 'auto' })
  await vi.waitFor(() => expect(watched.live.window()).toHaveLength(1), patiently)
  keeper.choose(new Set([broadcaster.peerId]))
  await vi.waitFor(() => expect(keeper.shows()).toMatchObject([{ title: 'Evening talk', state: 'keeping' }]), patiently)
  const before = segments.length
  await publish()
  await takes(1)
  await watched.release()
  await publish()
  await takes(2)
  expect(watched.live.ended).toBeNull()

  keeper.choose(new Set())
  expect(keeper.shows()).toEqual([])
  await vi.waitFor(
    () => expect(seeder.files.list()).toMatchObject([{ title: 'Evening talk', complete: true }]),
    patiently,
  )
  const file = await seeder.files.open(CID.parse(seeder.files.list()[0]!.cid))
  expect(Buffer.compare(await readAll(file.read()), Buffer.concat([init, ...segments.slice(before)]))).toBe(0)
  await file.close()
  await vi.waitFor(() => expect(watched.live.ended).not.toBeNull(), patiently)

  keeper.choose('all')
  await vi.waitFor(() => expect(keeper.shows()).toMatchObject([{ state: 'keeping' }]), patiently)
  await broadcast.stop()
  await vi.waitFor(() => expect(keeper.shows()).toEqual([]), patiently)
  await keeper.stop()
})
