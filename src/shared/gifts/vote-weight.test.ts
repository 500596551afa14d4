import { expect, test } from 'vitest'
import { WEI_PER_WE } from '../money/we-amount'
import { ageWeight, contentVotes, HALF_LIFE, voteWeights, type VotedGift } from './vote-weight'

const NOW = 1_795_000_000
const account = (digit: string): string => `0x${digit.repeat(40)}`
const content = (digit: string): string => `0x${digit.repeat(64)}`
const gift = (change: Partial<VotedGift>): VotedGift => ({
  payer: account('a'),
  content: content('1'),
  amountWei: 20n * WEI_PER_WE,
  time: NOW,
  halfLife: 'live',
  ...change,
})

test('a gift weighs half after its half-life and stays within 6.1 % of the true curve', () => {
  const h = HALF_LIFE.live
  expect(ageWeight(0, h)).toBe(1)
  expect(ageWeight(h, h)).toBe(0.5)
  expect(ageWeight(3 * h, h)).toBe(0.125)
  expect(ageWeight(h / 2, h)).toBe(0.75)
  expect(ageWeight(-5, h)).toBe(1)
  expect(ageWeight(5_000 * h, h)).toBe(0)
  for (let age = 0; age < 5 * h; age += 7) {
    const curve = 2 ** (-age / h)
    expect(Math.abs(ageWeight(age, h) / curve - 1)).toBeLessThan(0.0615)
  }
})

test('the vote is m * g / (20 WE + sum g), each number of it told', () => {
  const parts = voteWeights(
    [gift({}), gift({ time: NOW - HALF_LIFE.live }), gift({ content: content('2'), halfLife: 'video' })],
    () => 0.5,
    NOW,
  )
  expect(parts).toEqual([
    { payer: account('a'), content: content('1'), given: 40, fresh: 30, freshEverywhere: 50, mass: 0.5, vote: 15 / 70 },
    { payer: account('a'), content: content('2'), given: 20, fresh: 20, freshEverywhere: 50, mass: 0.5, vote: 10 / 70 },
  ])
})

test('no amount lifts a vote above the mass, and no stake means no vote', () => {
  const huge = gift({ amountWei: 10n ** 9n * WEI_PER_WE })
  expect(voteWeights([huge], () => 1, NOW)[0]!.vote).toBeLessThan(1)
  expect(voteWeights([huge], () => 0, NOW)[0]).toMatchObject({ given: 1e9, mass: 0, vote: 0 })
})

test('splitting a gift over two contents or repeating it gains nothing over all', () => {
  const once = contentVotes(voteWeights([gift({})], () => 1, NOW))
  const split = contentVotes(
    voteWeights(
      [gift({ amountWei: 10n * WEI_PER_WE }), gift({ amountWei: 10n * WEI_PER_WE, content: content('2') })],
      () => 1,
      NOW,
    ),
  )
  const sum = [...split.values()].reduce((total, vote) => total + vote, 0)
  expect(sum).toBeCloseTo([...once.values()][0]!, 12)
})

test('the order in which gifts were heard of changes no bit', () => {
  const gifts = Array.from({ length: 60 }, (_, at) =>
    gift({
      payer: account('abc'[at % 3]!),
      content: content('123'[at % 2]!),
      amountWei: BigInt(at * 7919 + 1) * 10n ** 14n,
      time: NOW - at * 37,
    }),
  )
  const mass = (payer: string): number => (payer === account('a') ? 0.3 : 0.9)
  const forward = [...contentVotes(voteWeights(gifts, mass, NOW))]
  expect([...contentVotes(voteWeights([...gifts].reverse(), mass, NOW))]).toEqual(forward)
})
