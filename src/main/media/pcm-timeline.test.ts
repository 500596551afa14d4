import { describe, expect, it } from 'vitest'
import { AUDIO_RATE } from './capture-source'
import { PcmTimeline, SoundFeed } from './pcm-timeline'

/** Left channel counts up from `from`, so that a sample tells its own number. */
function counting(from: number, count: number): Uint8Array {
  const pcm = new Int16Array(count * 2)
  for (let i = 0; i < count; i++) pcm[i * 2] = (from + i) % 30_000
  return new Uint8Array(pcm.buffer)
}

function left(pcm: Uint8Array): number[] {
  const samples = new Int16Array(pcm.slice().buffer)
  return Array.from({ length: samples.length / 2 }, (_, i) => samples[i * 2]!)
}

describe('PcmTimeline', () => {
  it('reads back what was pushed in pieces, over the end of its ring', () => {
    const timeline = new PcmTimeline()
    for (let at = 0; at < 5 * AUDIO_RATE; at += 7000) timeline.push(counting(at, 7000))
    const from = timeline.end - 3 * AUDIO_RATE
    expect(left(timeline.read(from, from + 5))).toEqual([0, 1, 2, 3, 4].map((i) => (from + i) % 30_000))
    expect(Buffer.compare(timeline.read(from, timeline.end), counting(from, 3 * AUDIO_RATE))).toBe(0)
  })

  it('keeps the end of one huge block', () => {
    const timeline = new PcmTimeline()
    timeline.push(counting(0, 10))
    timeline.push(counting(10, 6 * AUDIO_RATE))
    expect(Buffer.compare(timeline.read(timeline.start, timeline.end), counting(timeline.start, 4 * AUDIO_RATE))).toBe(
      0,
    )
  })

  it('is silent before, behind and beyond what it keeps', () => {
    const timeline = new PcmTimeline()
    timeline.push(counting(1, 3))
    expect(left(timeline.read(-2, 5))).toEqual([0, 0, 1, 2, 3, 0, 0])
    expect(left(timeline.read(100, 102))).toEqual([0, 0])
  })
})

describe('SoundFeed', () => {
  function feed(timeline: PcmTimeline): { sound: SoundFeed; out: () => number[] } {
    const chunks: Uint8Array[] = []
    const sound = new SoundFeed(timeline, (pcm) => chunks.push(pcm))
    return { sound, out: () => chunks.flatMap((chunk) => left(chunk)) }
  }

  it('starts at the sample of the first frame, whether the sound came early or late', () => {
    const early = new PcmTimeline()
    early.push(counting(0, 9600))
    const first = feed(early)
    first.sound.align(early, 1600, 0)
    first.sound.advance(1600)
    expect(first.out().slice(0, 3)).toEqual([1600, 1601, 1602])
    expect(first.sound.written).toBe(1600 + 3200)

    const late = new PcmTimeline()
    const second = feed(late)
    second.sound.align(late, 1600, 0)
    second.sound.advance(1600)
    expect(second.sound.written).toBe(0)
    late.push(counting(0, 4800))
    second.sound.pump()
    expect(second.out().slice(0, 3)).toEqual([1600, 1601, 1602])
  })

  it('writes nothing before the first frame has said where to begin', () => {
    const timeline = new PcmTimeline()
    const { sound, out } = feed(timeline)
    timeline.push(counting(0, 9600))
    sound.pump()
    expect(sound.written).toBe(0)
    sound.align(timeline, 4800, 0)
    sound.advance(1600)
    expect(out()[0]).toBe(4800)
  })

  it('gives silence for sound that stays away, and drops it when it comes after all', () => {
    const timeline = new PcmTimeline()
    const { sound, out } = feed(timeline)
    sound.align(timeline, 0, 0)
    sound.advance(6400)
    expect(sound.written).toBe(0)
    sound.advance(8000)
    expect(sound.written).toBe(1600)
    sound.advance(AUDIO_RATE)
    expect(sound.written).toBe(AUDIO_RATE / 2)
    timeline.push(counting(0, AUDIO_RATE))
    sound.pump()
    expect(out()[100]).toBe(0)
    expect(out()[AUDIO_RATE / 2]).toBe((AUDIO_RATE / 2) % 30_000)
    expect(sound.written).toBe(AUDIO_RATE)
  })

  it('ends with the picture, never before', () => {
    const timeline = new PcmTimeline()
    const { sound } = feed(timeline)
    sound.align(timeline, 0, 0)
    timeline.push(counting(0, 100))
    sound.advance(3200)
    sound.finish()
    expect(sound.written).toBe(3200)
  })

  it('goes on without a gap when the source changes', () => {
    const one = new PcmTimeline()
    one.push(counting(0, 20_000))
    const { sound, out } = feed(one)
    sound.align(one, 0, 0)
    sound.advance(16_000)
    const two = new PcmTimeline()
    two.push(counting(5, 20_000))
    const at = sound.written
    sound.align(two, 0, 16_000)
    sound.advance(20_000)
    expect(out()[at - 1]).toBe(at - 1)
    expect(out()[at]).toBe(at - 16_000 + 5)
  })
})
