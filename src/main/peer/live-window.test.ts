import { describe, expect, test } from 'vitest'
import type { SegmentRecord } from '@shared/live/segment-record'
import { rawCid } from './content-id'
import { LiveWindow, WINDOW_MS, type WindowSegment } from './live-window'

function segment(seq: number, { durationMs = 1000, size = 10, initCid = 'init-a' } = {}): WindowSegment {
  const bytes = new Uint8Array(size).fill(seq)
  const source = { id: 'source', initCid, initSize: 3, cid: rawCid(bytes).toString(), size }
  const small = { ...source, id: 'small', cid: rawCid(Uint8Array.of(seq)).toString(), size: 1 }
  const record = { seq, durationMs, renditions: [source, small] } as SegmentRecord
  return { record, signed: Uint8Array.of(seq), held: new Map([['source', bytes]]) }
}

describe('the live window', () => {
  test('keeps the last 30 seconds', () => {
    const window = new LiveWindow()
    for (let seq = 0; seq < 100; seq++) window.add(segment(seq))
    expect(window.segments().map(({ record }) => record.seq)).toEqual(Array.from({ length: 30 }, (_, i) => 70 + i))
    expect(window.bytes).toBe(300)
    expect(WINDOW_MS).toBe(30_000)
    expect(window.segment(69)).toBeUndefined()
  })

  test('keeps less of a show that is too fat, and always the newest', () => {
    const window = new LiveWindow()
    for (let seq = 0; seq < 12; seq++) window.add(segment(seq, { size: 8 * 1024 * 1024 }))
    expect(window.segments().map(({ record }) => record.seq)).toEqual([6, 7, 8, 9, 10, 11])
    window.add(segment(12, { durationMs: 60_000 }))
    expect(window.segments().map(({ record }) => record.seq)).toEqual([12])
  })

  test('gives segments and inits by CID, an init as long as a segment needs it', () => {
    const window = new LiveWindow()
    const init = Uint8Array.of(1, 2, 3)
    window.addInit('init-a', init)
    window.add(segment(0))
    expect(window.block('init-a')).toBe(init)
    expect(window.block(rawCid(new Uint8Array(10)))).toEqual(new Uint8Array(10))
    window.addInit('init-b', Uint8Array.of(4))
    for (let seq = 1; seq <= 31; seq++) window.add(segment(seq, { initCid: 'init-b' }))
    expect(window.block('init-a')).toBeUndefined()
    expect(window.block('init-b')).toEqual(Uint8Array.of(4))
  })

  test('the same bytes twice are there until both are gone', () => {
    const window = new LiveWindow()
    const twin = (seq: number): WindowSegment => ({ ...segment(0), record: { ...segment(0).record, seq } })
    window.add(twin(0))
    for (let seq = 1; seq < 30; seq++) window.add(segment(seq))
    window.add(twin(30))
    expect(window.segment(0)).toBeUndefined()
    expect(window.block(rawCid(new Uint8Array(10)))).toEqual(new Uint8Array(10))
  })

  test('an older one that is repaired is put in its place', () => {
    const window = new LiveWindow()
    for (const seq of [3, 5, 4, 3]) window.add(segment(seq))
    expect(window.heldRecords().map(({ seq }) => seq)).toEqual([3, 4, 5])
  })

  test('says which renditions are here, and forgets them with their segment', () => {
    const window = new LiveWindow()
    window.add(segment(0))
    expect(window.heldRecords()).toEqual([{ seq: 0, record: Uint8Array.of(0), holds: 0b01 }])
    window.add({ ...segment(0), held: new Map([['small', Uint8Array.of(0)]]) })
    expect(window.holds(0)).toBe(0b11)
    expect(window.bytes).toBe(11)
    expect(window.block(rawCid(Uint8Array.of(0)))).toEqual(Uint8Array.of(0))
    window.add({ ...segment(1), held: new Map([['small', Uint8Array.of(1)]]) })
    expect(window.holds(1)).toBe(0b10)
    expect(window.holds(2)).toBe(0)
    for (let seq = 2; seq <= 31; seq++) window.add(segment(seq))
    expect(window.block(rawCid(Uint8Array.of(0)))).toBeUndefined()
    expect(window.bytes).toBe(300)
  })
})
