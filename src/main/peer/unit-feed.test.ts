import { expect, test } from 'vitest'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import { SegmentUnits } from './unit-feed'

test('what is no segment of ours posts nothing, and says so', () => {
  const posted: WatchFeedMessage[] = []
  const units = new SegmentUnits((message) => posted.push(message))
  const bytes = new Uint8Array(64)
  expect(() => units.take({ seq: 0, initCid: 'a', init: bytes, bytes, publishedAt: 1 })).toThrow(
    /cannot be taken apart/,
  )
  expect(posted).toEqual([])
})
