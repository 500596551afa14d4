import type { DestinationEntry, DestinationState } from '@shared/live/destination'
import { expect, test } from 'vitest'
import { destinationWords, summaryOf } from './destination-words'

const entry = (change: Partial<DestinationEntry> = {}): DestinationEntry => ({
  ...{ id: crypto.randomUUID(), name: 'Mine', service: 'custom', url: 'rtmp://a/b', enabled: true, hasKey: true },
  ...change,
})
const state = (change: Partial<DestinationState>): DestinationState => ({
  ...{ id: 'a', state: 'live', problem: null, at: null, kbps: 3456, bytes: 0, droppedPictures: 0, reconnects: 0 },
  ...change,
})

test('a person reads how it goes with each service', () => {
  expect(destinationWords(entry(), undefined)).toEqual({ lamp: 'off', text: 'Gets your next live too' })
  expect(destinationWords(entry({ enabled: false }), undefined).text).toBe('Gets nothing')
  expect(destinationWords(entry({ hasKey: false }), undefined).lamp).toBe('problem')
  expect(destinationWords(entry(), state({})).text).toBe('Live · 3.5 Mbps')
  expect(destinationWords(entry(), state({ droppedPictures: 9 })).text).toContain('9 frames left out')
  expect(destinationWords(entry(), state({ state: 'retrying' })).lamp).toBe('problem')
})

test('the bar counts only services that shall get the show', () => {
  const [one, two] = [entry(), entry()]
  expect(summaryOf([entry({ enabled: false }), entry({ hasKey: false })], {})).toBeNull()
  expect(summaryOf([one, two], { [one.id]: state({}), [two.id]: state({ state: 'retrying' }) })).toEqual({
    ...{ wanted: 2, live: 1, isWrong: true },
  })
})
