import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestAccount, TestDevice } from '../testing/test-device'
import { BackupDesk } from './backup-desk'
import { Community } from './community'

let folder: string
const open: Community[] = []

async function profile(name: string, key: TestDevice, account?: TestAccount): Promise<Community> {
  const seed = new Uint8Array(32).fill(7)
  const community = await Community.open({ dir: join(folder, name), key, seed, version: '1' })
  open.push(community)
  if (account !== undefined) community.grant(await account.grant(key))
  return community
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'we-backup-'))
})
afterEach(async () => {
  for (const community of open.splice(0)) await community.close()
  rmSync(folder, { recursive: true, force: true })
})

const code = (expected: string): unknown => expect.objectContaining({ name: 'StudioError', code: expected })

function live(community: Community): void {
  community.append({ kind: 'profile', body: { name: 'Ann', bio: '', links: [], langs: [] }, replaceKey: 'profile' })
  for (let i = 0; i < 40; i++)
    community.append({ kind: 'follow', body: { s: `acct:0x${String(i).padStart(40, '0')}` } })
}

test('a backup shows what it holds before anything is taken in, and after it the pages have it at once', async () => {
  const [ann, laptop] = [new TestAccount(), new TestDevice()]
  const here = await profile('here', laptop, ann)
  live(here)
  const file = join(folder, 'ann.car')
  expect(await new BackupDesk(here).make(file)).toBe(readFileSync(file).length)

  const there = await profile('there', new TestDevice())
  const desk = new BackupDesk(there)
  const look = await desk.look(file)
  expect(look).toMatchObject({ account: ann.address, name: 'Ann', devices: 1, entries: 42, fresh: 42 })
  expect(look.kinds).toEqual({ 'key.grant': 1, profile: 1, follow: 40 })
  expect(there.log.count().entries).toBe(0)

  expect(await desk.restore(file)).toBe(42)
  expect(there.reader.cards.personOf(ann.address, there.filter())).toMatchObject({ body: { name: 'Ann' } })
  expect(there.reader.followedBy(ann.address)).toHaveLength(40)
  expect((await desk.look(file)).fresh).toBe(0)

  // on the same computer, whose log was lost, its own entries come back and it goes on after them
  const again = await profile('again', laptop)
  expect(await new BackupDesk(again).restore(file)).toBe(42)
  again.append({ kind: 'follow', body: { s: `acct:0x${'f'.repeat(40)}` } })
  expect(again.log.extent(laptop.publicKey)).toEqual({ first: 0, last: 42 })
})

test('a broken, a foreign and a contradicting backup are refused in words before anything of them is taken in', async () => {
  const [ann, laptop] = [new TestAccount(), new TestDevice()]
  const here = await profile('here', laptop, ann)
  live(here)
  const file = join(folder, 'ann.car')
  await new BackupDesk(here).make(file)
  const bytes = readFileSync(file)

  const there = await profile('there', new TestDevice())
  const desk = new BackupDesk(there)
  const broken = join(folder, 'broken.car')
  const flipped = Buffer.from(bytes)
  flipped[flipped.length - 40]! ^= 1
  for (const bad of [bytes.subarray(0, -1), flipped, Buffer.from('no CAR at all'), Buffer.alloc(0)]) {
    writeFileSync(broken, bad)
    await expect(desk.look(broken)).rejects.toEqual(code('backup-broken'))
  }
  await expect(desk.look(join(folder, 'nowhere.car'))).rejects.toEqual(code('not-readable'))
  expect(there.log.count().entries).toBe(0)

  const bob = await profile('bob', new TestDevice(), new TestAccount())
  await expect(new BackupDesk(bob).look(file)).rejects.toEqual(code('backup-other-account'))

  // the same key with a new beginning: taken in, the backup would silence this computer for good
  const anew = await profile('anew', laptop, ann)
  anew.append({ kind: 'follow', body: { s: `acct:0x${'e'.repeat(40)}` } })
  await expect(new BackupDesk(anew).look(file)).rejects.toEqual(code('backup-other-history'))
  expect(anew.log.fork(laptop.publicKey)).toBeNull()
})

test('a backup that is cancelled leaves no file behind, and one that is under way is not begun twice', async () => {
  const here = await profile('here', new TestDevice(), new TestAccount())
  live(here)
  const desk = new BackupDesk(here)
  const made = desk.make(join(folder, 'ann.car'))
  await expect(desk.make(join(folder, 'other.car'))).rejects.toEqual(code('backup-busy'))
  desk.cancel()
  await expect(made).rejects.toEqual(code('cancelled'))
  expect(readdirSync(folder)).toEqual(['here'])
  await expect(new BackupDesk(await profile('none', new TestDevice())).make(join(folder, 'x.car'))).rejects.toEqual(
    code('no-account'),
  )
})
