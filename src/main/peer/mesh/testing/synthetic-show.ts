import { createHash, randomBytes } from 'node:crypto'
import type { AccessConfig, AccessUnit, SegmentBorders } from '@shared/media/access-unit'
import { streamPart, streamStart } from '@shared/media/fmp4-writer'

export const FPS = 30
const GROUP = 15
const KEY_TIMES = 5
const SOUND_BYTES = 256
const SOUND_RATE = 48_000 / 1024
export const CONFIG: AccessConfig = {
  ...{ id: 0, width: 640, height: 360, fps: FPS },
  avcC: Uint8Array.of(1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 4, 0x67, 0x42, 0xc0, 0x1e, 1, 0, 2, 0x68, 0xce),
  asc: Uint8Array.of(0x11, 0x90),
}
export const INIT = streamStart(CONFIG)

export interface ShowSink {
  config: (config: AccessConfig) => void
  unit: (unit: AccessUnit) => void
  segment: (bytes: Uint8Array, borders: SegmentBorders, durationMs: number) => void
}

/** Milliseconds of the wall clock, with fractions. */
export const wallClock = (): number => performance.timeOrigin + performance.now()

const HASH_BYTES = 8
const hashOf = (data: Uint8Array): Buffer => createHash('sha256').update(data.subarray(HASH_BYTES)).digest()

function sealed(data: Uint8Array): Uint8Array {
  data.set(hashOf(data).subarray(0, HASH_BYTES))
  return data
}

/** Whether a picture came as it was made: it begins with the hash of the rest. */
export function isGenuine(data: Uint8Array): boolean {
  return hashOf(data).compare(data, 0, HASH_BYTES, 0, HASH_BYTES) === 0
}

/**
 * Pictures and sound in the sizes that an encoder at a constant rate gives: 30 a second, a key picture of five times the
 * others each half second, AAC of 96 kbit/s; incompressible bytes, the capture clock in each picture.
 */
export class SyntheticShow {
  /** Bytes of pictures and sound so far. */
  bytes = 0
  readonly #sink: ShowSink
  readonly #plain: number
  readonly #timer: NodeJS.Timeout
  readonly #began = performance.now()
  #slot = 0
  #soundFrame = 0
  #pictures: { data: Uint8Array; slots: number }[] = []
  #sound: Uint8Array[] = []

  constructor(kbps: number, sink: ShowSink) {
    this.#sink = sink
    this.#plain = Math.round((kbps * 125 * GROUP) / FPS / (GROUP - 1 + KEY_TIMES))
    sink.config(CONFIG)
    this.#timer = setInterval(() => this.#tick(), 4)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    while (performance.now() - this.#began >= (this.#slot * 1000) / FPS) this.#picture()
  }

  #picture(): void {
    const slot = this.#slot++
    const key = slot % GROUP === 0
    const soundEnd = Math.ceil((slot * SOUND_RATE) / FPS)
    if (key && slot > 0) this.#segment(slot, soundEnd)
    const data = sealed(new Uint8Array(randomBytes(key ? this.#plain * KEY_TIMES : this.#plain)))
    this.#pictures.push({ data, slots: 1 })
    this.bytes += data.length
    this.#sink.unit({ track: 'picture', configId: 0, slot, key, data, capturedAt: wallClock() })
    for (; this.#soundFrame < Math.ceil(((slot + 1) * SOUND_RATE) / FPS); this.#soundFrame++) {
      const frame = new Uint8Array(randomBytes(SOUND_BYTES))
      this.#sound.push(frame)
      this.bytes += frame.length
      this.#sink.unit({ track: 'sound', configId: 0, frame: this.#soundFrame, data: frame })
    }
  }

  #segment(endSlot: number, endSoundFrame: number): void {
    const slot = endSlot - GROUP
    const soundFrame = this.#soundFrame - this.#sound.length
    const sound = this.#sound.splice(0, endSoundFrame - soundFrame)
    const sequence = endSlot / GROUP
    const bytes = streamPart({ sequence, slot, pictures: this.#pictures.splice(0), soundFrame, sound })
    this.#sink.segment(
      bytes,
      { configId: 0, sequence, slot, endSlot, soundFrame, endSoundFrame: soundFrame + sound.length },
      (GROUP * 1000) / FPS,
    )
  }
}
