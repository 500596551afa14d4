import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeLogRequest } from '@shared/community/log-messages'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { CommunityHandlers } from '@shared/ipc/community-schema'
import type { ServiceClient } from '@shared/rpc/rpc'
import { TestAccount, TestDevice } from '../testing/test-device'
import { Community } from './community'
import { communityHandlers } from './community-handlers'

let dir: string
let device: TestDevice
let community: Community
let window: CommunityHandlers

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'we-home-'))
  device = new TestDevice()
  community = await Community.open({ dir, key: device, seed: new Uint8Array(32).fill(7), version: '1' })
  community.grant(await new TestAccount().grant(device))
  window = communityHandlers(community, () => undefined)
})
afterEach(async () => {
  await community.close()
  rmSync(dir, { recursive: true, force: true })
})

const video = (title: string) => ({
  ...{ channel: `chan:${community.me}/main`, title, desc: '', category: 'other', tags: ['tea'], dur: 9_000 },
  ...{ w: 720, h: 1280, captions: [], warn: [], licence: 'CC-BY-4.0' },
  variants: [{ cid: `bafk${'a'.repeat(55)}`, codec: 'avc1.64001f', w: 720, h: 1280, br: 1_000_000, size: 1_000 }],
})

test('what was said waits until a peer has asked for it with its body, and is said to wait again after a restart', async () => {
  const asked = new Promise<(request: Uint8Array) => Promise<void>>((resolve) => {
    let answered: () => void = () => undefined
    community.connect({
      on: (name: string, listener: (event: unknown) => void) => {
        if (name !== 'asked') return
        resolve((request) => {
          listener({ id: 1, peer: 'p', request })
          return new Promise<void>((done) => (answered = done))
        })
      },
      call: (name: string) => {
        if (name === 'answer') answered()
        return Promise.resolve([])
      },
    } as unknown as ServiceClient<CommunityExchangeService>)
  })
  const ask = await asked
  const id = await window.channels.publishVideo(video('Tea'))
  await window.acts.like({ subject: id, on: true })
  const waiting = () => window.acts.getWaiting()
  expect((await waiting()).named).toEqual(expect.arrayContaining([id, `like ${id}`]))

  // headers alone, or the log of somebody else, bring nothing out
  const range = { from: 0, limit: 100, bodies: true }
  await ask(encodeLogRequest({ ...range, a: device.publicKey, bodies: false }))
  await ask(encodeLogRequest({ ...range, a: new TestDevice().publicKey }))
  expect((await waiting()).named).toContain(`like ${id}`)
  await ask(encodeLogRequest({ ...range, a: device.publicKey }))
  expect(await waiting()).toEqual({ count: 0, named: [] })

  const comment = await window.acts.comment({ subject: id, text: 'More tea' })
  expect((await waiting()).named).toEqual([comment])
  await community.close()
  community = await Community.open({ dir, key: device, seed: new Uint8Array(32).fill(7), version: '1' })
  window = communityHandlers(community, () => undefined)
  expect((await window.acts.getWaiting()).named).toEqual([comment])
})

test('an own comment is said in other words and stays in its place; nobody else’s is', async () => {
  const id = await window.channels.publishVideo(video('Tea'))
  const root = await window.acts.comment({ subject: id, text: 'Mroe tea' })
  const answer = await window.acts.comment({ subject: id, text: 'Yes', root, parent: root })
  await window.acts.editComment({ id: root, text: 'More tea' })
  await window.acts.editComment({ id: answer, text: 'Yes, please' })
  const comments = async (root?: string) =>
    (await window.acts.comments({ subject: id, after: null, ...(root === undefined ? {} : { root }) })).cards
  expect(await comments()).toMatchObject([{ id: root, text: 'More tea', edited: true, counts: { reply: 1 } }])
  expect(await comments(root)).toMatchObject([{ id: answer, text: 'Yes, please', parent: root, edited: true }])
  expect(() => window.acts.editComment({ id, text: 'no comment' })).toThrow(/not yours/)
})

test('For you fills up with what is popular, without own videos, and keeps its settings', async () => {
  await window.channels.publishVideo(video('Mine'))
  expect(await window.forYou.next({ count: 5, shown: [] })).toEqual([])
  await window.forYou.setSettings({ on: false, fresh: 0.5, popular: -1 })
  expect(await window.forYou.getSettings()).toEqual({ on: false, fresh: 0.5, popular: -1 })
})
