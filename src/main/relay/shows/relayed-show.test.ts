import { expect, it } from 'vitest'
import { encodeGroupFrame, encodeManifestFrame } from '@shared/live/relayed-show'
import { encodeListedPiece } from '@shared/mesh/piece'
import type { ReaderPipe } from '../live-reader'
import { RelayedShow } from './relayed-show'

const MANIFEST = encodeManifestFrame(new Uint8Array(500))
/** A group of `count` pieces of 10 kB, the first with number `chunk`. */
const group = (chunk: number, count: number): Uint8Array[] => [
  encodeGroupFrame(chunk),
  ...Array.from({ length: count }, (_, i) => encodeListedPiece(chunk + i, 0, new Uint8Array(10_000))),
]

interface TestPipe extends ReaderPipe {
  got: Uint8Array[]
  waiting: number
  why: string | null
}

/** @param isStuck takes everything into its queue and sends nothing */
function pipe(isStuck = false): TestPipe {
  const made: TestPipe = {
    got: [],
    waiting: 0,
    why: null,
    queued: () => made.waiting,
    write: (bytes) => {
      made.got.push(bytes)
      if (isStuck) made.waiting += bytes.length
    },
    close: (why = 'over') => (made.why = why),
  }
  return made
}

/** Chunk numbers of the pieces in these frames. */
const chunks = (frames: readonly Uint8Array[]): number[] =>
  frames.filter((frame) => frame[2] === 2).map((frame) => new DataView(frame.buffer).getUint32(3))

function give(show: RelayedShow, frames: readonly Uint8Array[]): void {
  for (const frame of frames) show.push(frame)
}

it('a newcomer gets the manifest and the newest group; who has missed something gets the groups from there on', () => {
  let now = 0
  const show = new RelayedShow(() => now)
  give(show, [MANIFEST, ...group(0, 5)])
  now = 500
  give(show, group(5, 5))
  const [fresh, behind, ahead] = [pipe(), pipe(), pipe()]
  show.read(null, fresh)
  show.read(3, behind)
  show.read(99, ahead)
  for (const { got } of [fresh, behind, ahead]) expect(got[0]).toEqual(MANIFEST)
  expect(chunks(fresh.got)).toEqual([5, 6, 7, 8, 9])
  expect(chunks(behind.got)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(chunks(ahead.got)).toEqual([5, 6, 7, 8, 9])
  now = 1_000
  give(show, group(10, 1))
  expect(chunks(fresh.got).at(-1)).toBe(10)
})

it('what is kept, and what waits for a reader that takes nothing, is bounded; it is put out, the others go on', () => {
  let now = 0
  const show = new RelayedShow(() => now)
  const [stuck, well] = [pipe(true), pipe()]
  show.push(MANIFEST)
  show.read(null, stuck)
  show.read(null, well)
  for (let second = 0; second < 30; second++) {
    now = second * 1_000
    give(show, group(second * 100, 100))
  }
  expect(stuck.waiting).toBeLessThan(2.2 * (1 << 20))
  expect(stuck.why).toMatch(/Too slow/)
  expect(chunks(well.got)).toHaveLength(3_000)
  expect(show.readers).toBe(1)
  const late = pipe()
  show.read(0, late)
  expect(late.got.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(6 << 20)
})

it('what does not begin with a manifest, or is of no known cut, is refused', () => {
  expect(() => give(new RelayedShow(), group(0, 1))).toThrow(/manifest/)
  expect(() => give(new RelayedShow(), [MANIFEST, MANIFEST])).toThrow(/second/)
  expect(() => new RelayedShow().push(Uint8Array.of(0xff, 0xff, 1))).toThrow()
})
