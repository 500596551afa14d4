import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog, type Log } from '../platform/log'
import { LocalBeacon } from './local-beacon'

let root: string
let dir: string
const started: LocalBeacon[] = []
const address = '/ip4/127.0.0.1/tcp/4001'

async function peerId(): Promise<string> {
  return (await generateKeyPair('Ed25519')).publicKey.toString()
}

/** A beacon that is scanning, and what it found. */
async function beacon(
  log: Log = silentLog,
): Promise<{ own: string; beacon: LocalBeacon; found: Map<string, string[]> }> {
  const own = await peerId()
  const found = new Map<string, string[]>()
  const local = new LocalBeacon(dir, { peerId: own, addresses: [address] }, (id, list) => found.set(id, list), log)
  started.push(local)
  await local.start()
  return { own, beacon: local, found }
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'we-beacon-'))
  dir = join(root, 'user', 'peers')
})
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop()
  await rm(root, { recursive: true, force: true })
})

describe('the local beacon', () => {
  test('two nodes find each other in a folder of their own; one that stops is gone', async () => {
    const [a, b] = [await beacon(), await beacon()]
    await a.beacon.scan()
    expect([...a.found]).toEqual([[b.own, [address]]])
    expect([...b.found]).toEqual([[a.own, [address]]])
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    expect((await stat(join(dir, `${a.own}.json`))).mode & 0o777).toBe(0o600)
    await b.beacon.stop()
    expect(await readdir(dir)).toEqual([`${a.own}.json`])
  })

  test('what is stale is ignored, what is old is removed', async () => {
    const ids = [await peerId(), await peerId(), await peerId()]
    await mkdir(dir, { recursive: true, mode: 0o700 })
    for (const [index, age] of [1, 20, 120].entries()) {
      const path = join(dir, `${ids[index]!}.json`)
      await writeFile(path, JSON.stringify({ v: 1, peerId: ids[index], addresses: [address] }))
      const then = new Date(Date.now() - age * 1000)
      await utimes(path, then, then)
    }
    const { own, found } = await beacon()
    expect([...found.keys()]).toEqual([ids[0]])
    expect((await readdir(dir)).sort()).toEqual([`${ids[0]!}.json`, `${ids[1]!}.json`, `${own}.json`].sort())
  })

  test('what is planted is not followed', async () => {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const other = await peerId()
    const plant = async (content: unknown, name = `${other}.json`): Promise<void> => {
      const text = typeof content === 'string' ? content : JSON.stringify(content)
      await writeFile(join(dir, name), text)
      const { found, beacon: one } = await beacon()
      expect([...found.keys()].filter((id) => id === other)).toEqual([])
      await one.stop()
      await rm(join(dir, name))
    }
    const good = { v: 1, peerId: other, addresses: [address] }
    await plant({ ...good, addresses: ['/ip4/8.8.8.8/tcp/1'] })
    await plant({ ...good, addresses: ['/ip4/192.168.1.1/tcp/1'] })
    await plant({ ...good, addresses: ['nonsense'] })
    await plant({ ...good, addresses: [] })
    await plant({ ...good, addresses: Array(9).fill(address) })
    await plant({ ...good, peerId: await peerId() }) // not the one in the name
    await plant({ ...good, more: 1 })
    await plant('{')
    await plant(`${JSON.stringify(good)}${' '.repeat(5000)}`)
    await plant(good, `${other}.txt`)
    const target = join(root, 'target')
    await writeFile(target, JSON.stringify(good))
    await symlink(target, join(dir, `${other}.json`))
    expect([...(await beacon()).found.keys()]).not.toContain(other)
    await rm(join(dir, `${other}.json`))
    await mkdir(join(dir, `${other}.json`))
    expect([...(await beacon()).found.keys()]).not.toContain(other)
  })

  test('a folder that is open to others is not used, and that is said', async () => {
    await mkdir(dir, { recursive: true })
    await chmod(dir, 0o777)
    const lines: string[] = []
    await beacon((_, message, fields) => lines.push(`${message} ${String(fields?.['error'])}`))
    expect(lines).toEqual([expect.stringContaining('open to others')])
    expect(await readdir(dir)).toEqual([])
  })

  test('a folder that is a link is not used', async () => {
    await mkdir(join(root, 'user'))
    await mkdir(join(root, 'elsewhere'), { mode: 0o700 })
    await symlink(join(root, 'elsewhere'), dir)
    await beacon()
    expect(await readdir(join(root, 'elsewhere'))).toEqual([])
  })
})
