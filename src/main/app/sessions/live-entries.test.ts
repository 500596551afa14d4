import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { BodyOf } from '@shared/community/body-schema'
import { LiveBody } from '@shared/community/bodies/videos'
import { liveUrlOfTopic } from '@shared/community/live-topic'
import type { LiveState } from '@shared/ipc/studio-schema'
import { LiveEntries, type LiveEntryCalls } from './live-entries'

const ME = `0x${'a1'.repeat(20)}`
const URL = `we://12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/live/bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae`
const LIVE: LiveState = { state: 'live', url: URL, title: 'Talk', startedAt: 1_700_000_000_000, recording: null }
const ID = `bafyrei${'a'.repeat(52)}`
const VIDEO = `bafyrei${'b'.repeat(52)}`

const dir = mkdtempSync(join(tmpdir(), 'we-live-entries-'))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A community that keeps what is said to it. */
function world(me: string | null, withChannel = true) {
  const said: BodyOf<'live'>[] = []
  const calls: LiveEntryCalls = {
    me: () => Promise.resolve(me),
    channelsOf: () => Promise.resolve(withChannel ? [{ subject: `chan:${ME}/main` } as never] : []),
    publishLive: (body) => {
      said.push(LiveBody.parse(body))
      return Promise.resolve(ID)
    },
    live: () => Promise.resolve(said.at(-1) ?? null),
  }
  const open = (): LiveEntries => new LiveEntries(join(dir, 'live.json'), calls, () => 'talk', console.error)
  return { said, open }
}

test('followers read that a live runs, where, and that it is over; its recording belongs to it', async () => {
  const { said, open } = world(ME)
  const entries = open()
  entries.liveChanged(LIVE)
  entries.liveChanged({ ...LIVE, recording: 'talk.mp4' })
  entries.recorded('/videos/talk.mp4')
  entries.liveChanged({ state: 'stopping' })
  entries.liveChanged({ state: 'off' })
  await entries.settled()
  expect(said.map(({ status, edits }) => [status, edits])).toEqual([
    ['live', undefined],
    ['ended', ID],
  ])
  expect(said[0]).toMatchObject({ channel: `chan:${ME}/main`, room: `${ME}/live`, category: 'talk' })
  expect(liveUrlOfTopic(said[0]!.topic)).toBe(URL)
  expect(existsSync(join(dir, 'live.json'))).toBe(false)
  expect(entries.liveOf('/videos/talk.mp4')).toBe(ID)
  await entries.becameVideo(ID, VIDEO)
  expect(said.at(-1)).toMatchObject({ status: 'ended', recording: VIDEO, edits: ID })
})

test('a live that was killed is ended at the next start, once', async () => {
  const { said, open } = world(ME)
  const first = open()
  first.liveChanged(LIVE)
  await first.settled()
  for (let start = 0; start < 2; start++) {
    const next = open()
    next.resume()
    await next.settled()
  }
  expect(said.map(({ status }) => status)).toEqual(['live', 'ended'])
})

test.each([
  ['an account', world(null)],
  ['a channel', world(ME, false)],
])('without %s a live is said nowhere, and nothing stands in its way', async (_, { said, open }) => {
  const entries = open()
  entries.liveChanged(LIVE)
  entries.liveChanged({ state: 'off' })
  await entries.settled()
  expect(said).toEqual([])
})
