import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { NO_RULES } from '@shared/community/viewer-rules'
import { deviceX25519, x25519Public } from '../../platform/device-x25519'
import { CommunityScript } from '../testing/community-script'
import { TestAccount, TestDevice } from '../testing/test-device'
import { Community } from './community'
import { safetyHandlers } from './safety-handlers'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

interface Person {
  community: Community
  account: string
  key: TestDevice
  safety: ReturnType<typeof safetyHandlers>
}

async function person(): Promise<Person> {
  const dir = await mkdtemp(join(tmpdir(), 'we-safety-'))
  folders.push(dir)
  const [key, seed, account] = [new TestDevice(), randomBytes(32), new TestAccount()]
  const community = await Community.open({ dir, key, seed, version: '1' })
  const x25519 = `0x${Buffer.from(x25519Public(deviceX25519(seed))).toString('hex')}`
  community.grant(await account.grant(key, { x25519 }))
  const safety = safetyHandlers(community, () => undefined)
  return { community, account: account.address, key, safety }
}

/** Brings all of one's own log to another, as the network does. */
async function tell(from: Person, to: Person): Promise<void> {
  await to.community.log.accept(from.community.log.entriesOf(from.key.publicKey, 0, 100))
}

test('a report is sealed for the owner of the channel, comes into their box once and stays over a restart; lists are made, read by others and heeded', async () => {
  const [owner, guest, reporter] = [await person(), await person(), await person()]
  const script = new CommunityScript()
  script.video(1, 'Buy gold now')
  const video = script.entries.at(-1)!.body as { channel: string }
  const body = { ...video, channel: `chan:${owner.account}/main` }
  const bad = guest.community.append({ kind: 'video', body })[0]!
  for (const one of [owner, guest]) await tell(one, reporter)
  await tell(guest, owner)

  expect(reporter.safety.reportTargets(bad)).toEqual([{ account: owner.account, as: 'owner', reachable: true }])
  // of what is in one's own channel nobody else can be told
  expect(reporter.safety.reportTargets(`acct:${guest.account}`)).toEqual([])
  await reporter.safety.setRules({ ...NO_RULES, labelers: [`0x${'ab'.repeat(20)}`] })
  expect(reporter.safety.reportTargets(bad)).toContainEqual(
    expect.objectContaining({ as: 'labeler', reachable: false }),
  )

  const report = { subject: bad, reason: 'fraud', text: '骗子 👎', to: [owner.account] } as const
  await reporter.safety.report({ ...report, to: [...report.to] })
  await reporter.safety.report({ ...report, to: [...report.to] })
  expect(() => reporter.safety.report({ ...report, to: [`0x${'ab'.repeat(20)}`] })).toThrow(/cannot be sealed/)
  for (const one of [owner, guest]) await tell(reporter, one)
  expect(guest.safety.reports()).toEqual([])
  const [inBox, ...more] = await owner.safety.reports()
  expect(more).toEqual([])
  expect(inBox).toMatchObject({ subject: bad, reason: 'fraud', text: '骗子 👎', account: reporter.account })

  const list = { purpose: 'block', title: 'Gold', desc: '', items: [{ s: `acct:${guest.account}` }] } as const
  const id = await owner.safety.saveList({ ...list, items: [...list.items] })
  await tell(owner, reporter)
  expect(await reporter.safety.list(id)).toMatchObject({ account: owner.account, title: 'Gold' })
  await expect(Promise.resolve().then(() => reporter.safety.saveList({ ...list, items: [], id }))).rejects.toThrow(
    /not yours/,
  )
  expect(reporter.community.reader.cards.itemById(bad, reporter.community.filter())).not.toBeNull()
  await reporter.safety.subscribe({ list: id, on: true })
  expect(reporter.community.reader.cards.itemById(bad, reporter.community.filter())).toBeNull()
  expect(await reporter.safety.names([bad])).toEqual([{ subject: bad, account: guest.account, title: 'Buy gold now' }])
  await owner.safety.saveList({ ...list, items: [], title: 'Nobody', id })
  await tell(owner, reporter)
  expect(reporter.community.reader.cards.itemById(bad, reporter.community.filter())).not.toBeNull()

  const { dir, seed } = owner.community
  await new Promise((resolve) => setTimeout(resolve, 50)) // the box is written aside
  await Promise.all([owner, guest, reporter].map(({ community }) => community.close()))
  const again = await Community.open({ dir, key: owner.key, seed, version: '1' })
  const safety = safetyHandlers(again, () => undefined)
  expect(await safety.reports()).toEqual([inBox])
  await safety.reportDone(inBox!.id)
  expect(await safety.reports()).toEqual([])
  await again.close()
})
