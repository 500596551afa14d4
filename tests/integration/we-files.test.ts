import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { we, type WeRun } from './we-command'

const MIB = 1024 * 1024
let folder = ''
let runs: WeRun[] = []

const run = (...args: string[]): WeRun => {
  const started = we([...args, '--json'], { WE_BEACON_DIR: join(folder, 'beacons') })
  runs.push(started)
  return started
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-files-'))
  runs = []
})
afterEach(async () => {
  for (const one of runs) one.child.kill('SIGKILL')
  await Promise.all(runs.map((one) => one.exit))
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

it('a published file is seeded by we peer and fetched by we get, whole and in part; SIGTERM ends it cleanly', async () => {
  const file = join(folder, 'clip.bin')
  const content = randomBytes(5 * MIB + 3)
  writeFileSync(file, content)
  const anna = join(folder, 'anna')
  const published = await run('publish', file, '--data', anna).next('published')
  const cid = published['cid'] as string

  const seeder = run('peer', '--data', anna, '--space', '1GB', '--uplink', '0', '--listen', '/ip4/127.0.0.1/tcp/0')
  const ready = await seeder.next('ready')
  const [address] = ready['multiaddrs'] as [string]
  const out = join(folder, 'out.bin')
  const getter = run('get', published['url'] as string, '--out', out, '--peer', address, '--data', join(folder, 'ben'))
  expect(await getter.exit, getter.stderr()).toBe(0)
  expect(Buffer.compare(readFileSync(out), content)).toBe(0)

  const part = run(
    'get',
    cid,
    '--range',
    '1048570-2097160',
    '--out',
    out,
    '--peer',
    address,
    '--data',
    join(folder, 'ben'),
  )
  expect(await part.exit, part.stderr()).toBe(0)
  expect(Buffer.compare(readFileSync(out), content.subarray(1_048_570, 2_097_161))).toBe(0)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])

  seeder.child.kill('SIGTERM')
  expect(await seeder.exit).toBe(0)
  const figures = seeder.events.findLast(({ event }) => event === 'figures')
  expect(figures).toMatchObject({ files: 1 })
  expect(figures!['servedBytes']).toBeGreaterThan(5 * MIB)
})

it('a publish that is killed leaves nothing half done: the next start has cleared it away', async () => {
  const file = join(folder, 'large.bin')
  writeFileSync(file, randomBytes(150 * MIB))
  const anna = join(folder, 'anna')
  const killed = run('publish', file, '--data', anna)
  const blocks = join(anna, 'blocks')
  const count = (): number =>
    existsSync(blocks) ? readdirSync(blocks).reduce((sum, dir) => sum + readdirSync(join(blocks, dir)).length, 0) : 0
  while (count() < 20) await new Promise((resolve) => setTimeout(resolve, 2))
  killed.child.kill('SIGKILL')
  await killed.exit
  expect(killed.events.some(({ event }) => event === 'published')).toBe(false)
  expect(count()).toBeGreaterThan(0)
  const again = run('peer', '--data', anna, '--seconds', '0')
  expect(await again.exit, again.stderr()).toBe(0)
  expect(again.events).toContainEqual(expect.objectContaining({ event: 'figures', files: 0, storedBytes: 0 }))
  expect(count()).toBe(0)
})

it('mistakes are said in words', async () => {
  const missing = run('publish', join(folder, 'nothing.mp4'), '--data', join(folder, 'anna'))
  expect(await missing.exit).toBe(1)
  expect(missing.stderr()).toContain('There is no file')
  const bad = run('get', 'bafynonsense', '--out', join(folder, 'x'))
  expect(await bad.exit).toBe(1)
  expect(bad.stderr()).toContain('is not the address of a file')
})
