import { StudioError } from '@shared/errors'

const HEADER = 11

export interface FlvTagIn {
  type: number
  /** Milliseconds; wraps at 2^32. */
  time: number
  body: Buffer
}

/**
 * Takes tags out of an FLV stream of any cut (FLV 10.1, annex E). A tag longer than `maxTag` bytes is refused by its
 * header, before anything is collected.
 * @throws StudioError `bad-stream` from `push`; the reader must not be used after that
 */
export class FlvReader {
  private pending: Buffer[] = []
  private length = 0
  private started = false
  /** Bytes that must be there before the next step. */
  private wanted = 13

  constructor(
    private readonly onTag: (tag: FlvTagIn) => void,
    private readonly maxTag = 8 << 20,
  ) {}

  push(chunk: Buffer): void {
    this.pending.push(chunk)
    this.length += chunk.length
    while (this.length >= this.wanted) this.step()
  }

  private step(): void {
    const all = this.pending.length === 1 ? this.pending[0]! : Buffer.concat(this.pending)
    this.pending = [all]
    if (!this.started) {
      if (all.toString('latin1', 0, 3) !== 'FLV') throw damaged('it does not begin as FLV')
      this.started = true
      this.drop(all, 13, HEADER)
      return
    }
    const size = all.readUIntBE(1, 3)
    if (size > this.maxTag) throw damaged(`a part of ${size} bytes`)
    const whole = HEADER + size + 4
    if (all.length < whole) {
      this.wanted = whole
      return
    }
    const time = (all.readUIntBE(4, 3) | (all[7]! << 24)) >>> 0
    // A copy, so that a small tag does not keep a large piece of the pipe alive.
    const tag = { type: all[0]! & 0x1f, time, body: Buffer.from(all.subarray(HEADER, HEADER + size)) }
    this.drop(all, whole, HEADER)
    this.onTag(tag)
  }

  private drop(all: Buffer, count: number, wanted: number): void {
    const rest = all.subarray(count)
    this.pending = rest.length > 0 ? [rest] : []
    this.length = rest.length
    this.wanted = wanted
  }
}

function damaged(what: string): StudioError {
  return new StudioError('bad-stream', `The FLV stream is damaged: ${what}.`)
}
