import { describe, expect, it } from 'vitest'
import { REPLAY_MS } from '@shared/media/saved-file'
import { ReplayBuffer } from './replay-buffer'

const INIT = { bytes: new Uint8Array(4), mimeType: 'video/mp4', width: 1280, height: 720, fps: 30 }
const segment = (index: number, durationMs = 500, size = 10) => ({
  index,
  bytes: new Uint8Array(size),
  durationMs,
  delayMs: 0,
})

function filled(count: number, durationMs = 500, size = 10): ReplayBuffer {
  const buffer = new ReplayBuffer()
  buffer.start(INIT)
  for (let i = 0; i < count; i++) buffer.add(segment(i, durationMs, size))
  return buffer
}

describe('a replay buffer', () => {
  it('has what there is of a young live', () => {
    expect(filled(3).take()).toMatchObject({ durationMs: 1500, segments: [{ index: 0 }, { index: 1 }, { index: 2 }] })
  })

  it('keeps the newest 30 seconds', () => {
    const { segments, durationMs } = filled(500).take()
    expect(durationMs).toBe(REPLAY_MS)
    expect(segments.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_, i) => 440 + i))
  })

  it('keeps at least 30 seconds when segments do not add up to them', () => {
    const { segments, durationMs } = filled(100, 700).take()
    expect(segments).toHaveLength(43)
    expect(durationMs).toBeCloseTo(43 * 700)
  })

  it('is bounded in bytes too, but never empty', () => {
    expect(filled(20, 500, 20 << 20).take().segments).toHaveLength(3)
    expect(filled(2, 500, 100 << 20).take().segments).toHaveLength(1)
  })

  it('is not changed by what comes after it was taken', () => {
    const buffer = filled(60)
    const clip = buffer.take()
    buffer.add(segment(60))
    expect(clip.segments[0]!.index).toBe(0)
    expect(clip.segments).toHaveLength(60)
  })

  it('says so when there is nothing yet', () => {
    expect(() => new ReplayBuffer().take()).toThrow(expect.objectContaining({ code: 'no-replay' }))
    expect(() => filled(0).take()).toThrow(expect.objectContaining({ code: 'no-replay' }))
  })
})
