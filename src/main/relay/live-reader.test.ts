import { describe, expect, it } from 'vitest'
import { LivePacket } from './live-packet'
import { FLV_WIRE, LiveReader, READER_LIMITS, type ReaderPipe } from './live-reader'

const CONFIG = { picture: { avcC: Buffer.alloc(10), width: 640, height: 360 }, sound: null }
const BYTES = 5_000

/** A pipe whose other side takes what it is told to take. */
function pipe(): ReaderPipe & { waiting: Uint8Array[]; take: (bytes: number) => void; closed: string | null } {
  const waiting: Uint8Array[] = []
  return {
    waiting,
    closed: null,
    queued: () => waiting.reduce((sum, { length }) => sum + length, 0),
    write: (bytes) => void waiting.push(bytes),
    take(bytes) {
      for (let left = bytes; left > 0 && waiting.length > 0;) left -= waiting.shift()!.length
    },
    close(why) {
      this.closed = why ?? ''
    },
  }
}

/** Pictures of 30 a second, a key picture each second. */
const picture = (i: number, key = i % 30 === 0): LivePacket => {
  const packet = {
    track: 'picture',
    key,
    timeMs: i * 33,
    offsetMs: 0,
    data: Buffer.alloc(BYTES),
  } as const
  return new LivePacket(packet, i * 3000)
}

describe('a reader of a live', () => {
  it('that is fast gets every picture, beginning with the newest group', () => {
    const way = pipe()
    const reader = new LiveReader(FLV_WIRE, way, () => BYTES * 30)
    reader.config(CONFIG, 0)
    reader.start(Array.from({ length: 10 }, (_, i) => picture(i)))
    for (let i = 10; i < 300; i++) {
      reader.packet(picture(i))
      way.take(Infinity)
    }
    expect(reader.packetsDropped).toBe(0)
  })

  it('that is slow never has more to wait than 1.5 s, and goes on with key pictures', () => {
    const way = pipe()
    let most = 0
    const kept: LivePacket[] = []
    const wire = { ...FLV_WIRE, packet: (packet: LivePacket) => (kept.push(packet), packet.flv) }
    const reader = new LiveReader(wire, way, () => BYTES * 30)
    reader.config(CONFIG, 0)
    for (let i = 0; i < 3000; i++) {
      reader.packet(picture(i))
      way.take(BYTES / 3) // takes whole packets, one in three on the way
      if (i % 3 > 0) way.waiting.unshift(Buffer.alloc(BYTES / 2))
      most = Math.max(most, way.queued())
    }
    expect(most).toBeLessThan(BYTES * 30 * READER_LIMITS.seconds + 3 * BYTES)
    expect(reader.packetsDropped).toBeGreaterThan(300)
    for (const [i, packet] of kept.entries()) {
      const before = kept[i - 1]
      // After something was left out the next one is a key picture.
      if (before && packet.timeMs - before.timeMs > 40) expect(packet.key).toBe(true)
    }
  })

  it('that takes nothing is put out, in words', () => {
    const way = pipe()
    let now = 0
    const reader = new LiveReader(
      FLV_WIRE,
      way,
      () => BYTES * 30,
      () => now,
    )
    reader.config(CONFIG, 0)
    for (let i = 0; i < 600 && way.closed === null; i++) {
      now = i * 33
      reader.packet(picture(i))
    }
    expect(way.closed).toContain('Too slow')
    expect(now).toBeGreaterThan(READER_LIMITS.stalledMs)
    expect(now).toBeLessThan(READER_LIMITS.stalledMs + 1000)
  })

  it('that begins with a long group over a slow line is given time for it', () => {
    const way = pipe()
    const reader = new LiveReader(FLV_WIRE, way, () => BYTES * 30)
    reader.config(CONFIG, 0)
    const group = Array.from({ length: 240 }, (_, i) => picture(i, i === 0))
    reader.start(group)
    for (let i = 240; i < 260; i++) {
      reader.packet(picture(i, false))
      way.take(2 * BYTES)
    }
    expect(reader.packetsDropped).toBe(0)
  })
})
