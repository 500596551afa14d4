import { expect, test } from 'vitest'
import type { GiftEvent } from './gift-event'
import { COMBO_MS, GiftQueue } from './gift-queue'

let number = 0
const gift = (change: Partial<GiftEvent> = {}): GiftEvent => ({
  id: `g${(number += 1)}`,
  payer: 'ann',
  name: 'Ann',
  gift: 'rose',
  giftId: 2,
  giftName: 'Rose',
  imageUrl: null,
  qty: 1,
  amountWei: 1n,
  text: '',
  ...change,
})

test('gifts of one person in a row are counted as one combo, and a pause begins a new one', () => {
  const queue = new GiftQueue()
  for (let at = 0; at < 5; at++) queue.push(gift(), at * 300)
  expect(queue.banners.map(({ count }) => count)).toEqual([5])
  queue.push(gift({ payer: 'bob' }), 1_500)
  expect(queue.banners.map(({ event, count }) => [event.payer, count])).toEqual([
    ['ann', 5],
    ['bob', 1],
  ])
  queue.advance(1_200 + COMBO_MS)
  queue.push(gift(), 1_200 + COMBO_MS)
  expect(queue.banners.map(({ event, count }) => [event.payer, count])).toEqual([
    ['bob', 1],
    ['ann', 1],
  ])
})

test('large gifts play one at a time while small ones go on beside them', () => {
  const queue = new GiftQueue()
  queue.push(gift({ gift: 'castle', giftId: 15, amountWei: 2_000n }), 0)
  queue.push(gift({ gift: 'plane', giftId: 13, amountWei: 600n, payer: 'bob' }), 10)
  queue.push(gift({ payer: 'eve' }), 20)
  expect(queue.shows.map(({ event }) => event.gift)).toEqual(['castle', 'rose'])
  queue.advance(4_000)
  expect(queue.shows.map(({ event }) => event.gift)).toEqual(['plane'])
})

test('a flood neither grows the queue nor costs the dearest gift its show', () => {
  const queue = new GiftQueue()
  queue.push(gift({ gift: 'yacht', giftId: 12, amountWei: 400n, payer: 'first' }), 0)
  for (let at = 0; at < 5_000; at++) {
    queue.push(
      gift({ payer: `p${at}`, amountWei: BigInt(at % 90), gift: at % 2 ? 'rose' : 'plane', giftId: at % 2 }),
      at,
    )
  }
  queue.push(gift({ gift: 'castle', giftId: 15, amountWei: 2_000n, payer: 'rich' }), 5_000)
  expect(queue.banners.length).toBeLessThanOrEqual(3)
  expect(queue.shows.length).toBeLessThanOrEqual(4)
  const seen = new Set<string>()
  let now = 5_000
  let turns = 0
  while (queue.nextChange !== null && turns++ < 200) {
    now = queue.nextChange
    queue.advance(now)
    for (const { event } of queue.shows) seen.add(event.payer)
  }
  expect(seen).toContain('rich')
  // everything that waited is over within seconds
  expect(now).toBeLessThan(5_000 + 60_000)
  expect(queue.nextChange).toBeNull()
})

test('holding the button on a large gift plays it twice at most', () => {
  const queue = new GiftQueue()
  for (let at = 0; at < 20; at++) queue.push(gift({ gift: 'rocket', giftId: 14 }), at)
  let plays = queue.shows.length
  let before = queue.shows
  while (queue.nextChange !== null) {
    queue.advance(queue.nextChange)
    if (queue.shows !== before && queue.shows.length > 0) plays += 1
    before = queue.shows
  }
  expect(plays).toBe(2)
})
