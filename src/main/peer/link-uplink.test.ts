import { expect, it } from 'vitest'
import { LinkUplink } from './link-uplink'

it('says nothing of a viewer that gets the show from others', () => {
  const link = new LinkUplink()
  for (let i = 0; i < 100; i++) link.announced([`s${i}`], i * 500, 0)
  expect(link.figures(50_000, 0, 3000)).toBeNull()
})

it('says that nothing waits where WANTs come at once', () => {
  const link = new LinkUplink()
  for (let i = 0; i < 10; i++) {
    link.announced([`s${i}`], i * 500, i * 200_000)
    link.wanted(`s${i}`, i * 500 + 30)
  }
  expect(link.figures(4700, 0, 3200)).toEqual({ queuedMs: 0, carriedKbps: null })
})

it('measures how long an announcement waits and what went through before it', () => {
  const link = new LinkUplink()
  link.announced(['a'], 0, 0)
  link.wanted('a', 20)
  link.announced(['b'], 500, 200_000)
  link.wanted('b', 1520)
  link.announced(['c'], 1000, 200_000)
  // "c" is not through, so since 20 ms less than the 200 kB before it are: 808 kbit/s at most.
  expect(link.figures(2000, 0, 3200)).toEqual({ queuedMs: 1000, carriedKbps: 808 })
  link.announced(['d'], 1500, 400_000)
  link.wanted('d', 3020)
  expect(link.figures(3100, 0, 3200)).toMatchObject({ queuedMs: 0 })
})

it('counts what the link has not taken yet', () => {
  const link = new LinkUplink()
  link.announced(['a'], 0, 0)
  link.wanted('a', 20)
  expect(link.figures(600, 400_000, 3200)?.queuedMs).toBe(1000)
})

it('forgets a viewer that went to others, and hears it again', () => {
  const link = new LinkUplink()
  link.announced(['a'], 0, 0)
  link.wanted('a', 20)
  for (let i = 1; i < 60; i++) link.announced([`s${i}`], i * 500, 200_000)
  expect(link.figures(3000, 0, 3200)?.queuedMs).toBe(2500)
  expect(link.figures(30_000, 0, 3200)).toBeNull()
  link.wanted('s59', 30_020)
  expect(link.figures(30_100, 0, 3200)?.queuedMs).toBe(0)
})

it('takes the request of any rendition for the answer', () => {
  const link = new LinkUplink()
  for (let i = 0; i < 10; i++) {
    link.announced([`source${i}`, `small${i}`], i * 500, i * 200_000)
    link.wanted(i < 5 ? `source${i}` : `small${i}`, i * 500 + 30)
  }
  expect(link.figures(4700, 0, 3200)).toEqual({ queuedMs: 0, carriedKbps: null })
})

it('says nothing of a viewer that the mesh carries from now on, though it asked before', () => {
  const link = new LinkUplink()
  link.announced(['a'], 0, 0)
  link.wanted('a', 20)
  link.announced(['b'], 500, 200_000)
  expect(link.figures(1500, 0, 3200)?.queuedMs).toBe(1000)
  link.forget()
  expect(link.figures(1500, 0, 3200)).toBeNull()
})
