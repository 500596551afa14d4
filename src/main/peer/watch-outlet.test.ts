import { expect, test } from 'vitest'
import type { WatchFeedMessage, WatchFeedReport } from '@shared/live/watch-feed'
import { WatchOutlet, type WatchPort } from './watch-outlet'

const config = { id: 0, width: 2, height: 2, fps: 30, avcC: new Uint8Array(7), asc: new Uint8Array(2) }
const report: WatchFeedReport = {
  ...{ t: 'report', delayMs: 40, bufferMs: 30, stalledMs: 0, framesShown: 1, framesDropped: 0 },
}

function sound(frame: number): WatchFeedMessage {
  return { t: 'unit', unit: { track: 'sound', configId: 0, frame, data: new Uint8Array(3) } }
}

function open() {
  const clock = { now: 0 }
  const posted: WatchFeedMessage[] = []
  let hear: (message: unknown) => void = () => undefined
  let hang: () => void = () => undefined
  let state = 'open'
  const port: WatchPort = {
    post: (message) => posted.push(message),
    onMessage: (listener) => (hear = listener),
    onClose: (listener) => (hang = listener),
    close: () => (state = 'closed'),
  }
  let give: (message: WatchFeedMessage) => void = () => undefined
  let following = true
  const outlet = new WatchOutlet(
    port,
    (post) => {
      give = post
      return () => (following = false)
    },
    () => clock.now,
  )
  return {
    ...{ clock, posted, outlet },
    hear: (message: unknown) => hear(message),
    hang: () => hang(),
    give: (message: WatchFeedMessage) => give(message),
    isOpen: () => state === 'open',
    isFollowing: () => following,
  }
}

test('a window that does not answer gets nothing more, and goes on with a key picture when it does', () => {
  const { clock, posted, outlet, give, hear } = open()
  give({ t: 'config', config })
  give(sound(0))
  clock.now = 5000
  for (let frame = 1; frame < 1000; frame++) give(sound(frame))
  expect(posted).toHaveLength(2)
  hear(report)
  expect(outlet.report).toEqual(report)
  give(sound(1000))
  expect(posted.slice(2)).toEqual([
    { t: 'config', config },
    { t: 'gap', track: 'picture' },
    { t: 'gap', track: 'sound' },
    sound(1000),
  ])
})

test('what is no report is not heard, and the end of the live is told in any case', () => {
  const { clock, posted, outlet, give, hear } = open()
  clock.now = 5000
  for (const wrong of [null, 'ack', { t: 'report' }, { ...report, framesShown: -1 }]) hear(wrong)
  expect(outlet.report).toBeNull()
  give(sound(0))
  give({ t: 'end' })
  expect(posted).toEqual([{ t: 'end' }])
})

test('a window that has gone is followed by nobody', () => {
  const { posted, give, hang, isOpen, isFollowing } = open()
  hang()
  give(sound(0))
  expect([posted.length, isOpen(), isFollowing()]).toEqual([0, false, false])
})
