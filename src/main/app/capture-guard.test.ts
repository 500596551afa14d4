import { expect, it } from 'vitest'
import { CaptureGuard } from './capture-guard'

function guard() {
  let now = 1000
  return { captures: new CaptureGuard(() => now), later: (ms: number) => (now += ms) }
}

it('nothing may be captured or named unasked', () => {
  const { captures } = guard()
  expect(captures.mayKnow).toBe(false)
  expect([['video'], ['audio'], ['audio', 'video'], []].map((kinds) => captures.use(kinds))).toEqual([
    false,
    false,
    false,
    false,
  ])
})

it('a capture that was asked for may begin once, with exactly its kinds, and not later', () => {
  const { captures, later } = guard()
  captures.grant(['video'])
  expect(captures.use(['audio'])).toBe(false)
  expect(captures.use(['video', 'audio'])).toBe(false)
  expect(captures.use(['video'])).toBe(true)
  expect(captures.use(['video'])).toBe(false)
  captures.grant(['video', 'audio'])
  expect(captures.use(['audio', 'video'])).toBe(true)
  captures.grant(['audio'])
  later(10_000)
  expect(captures.use(['audio'])).toBe(false)
})

it('names may be read for a moment, which allows no capture', () => {
  const { captures, later } = guard()
  captures.allowNames()
  expect(captures.mayKnow).toBe(true)
  expect(captures.use(['video'])).toBe(false)
  later(3000)
  expect(captures.mayKnow).toBe(false)
  captures.allowNames()
  captures.endNames()
  expect(captures.mayKnow).toBe(false)
})
