import type { Stream } from '@libp2p/interface'

const NOTHING = new Uint8Array(0)
const LENGTH_BYTES = 4
/** What is handed to the stream at once, so that a WebRTC message is not split oddly and a drain is noticed. */
const PIECE_BYTES = 16 * 1024 - 64

/** A peer that takes nothing for so long is cut. */
const STALLED_MS = 15_000

export interface FramedStreamHandlers {
  /** A whole frame; an empty one ends an answer. */
  onFrame: (frame: Uint8Array) => void
  onClose: (reason: string) => void
}

/**
 * A stream of frames of a length (u32, big-endian) and that many bytes. The length is checked before
 * anything is kept, and the sender waits while the stream asks for a drain.
 */
export class FramedStream {
  /** What came and is no whole frame yet, in one piece: single bytes of a stranger would cost a hundred times themselves. */
  #held = NOTHING
  #have = 0
  #closed = false
  #reason = 'closed'

  constructor(
    private readonly stream: Stream,
    private readonly maxFrameBytes: number,
    private readonly handlers: FramedStreamHandlers,
  ) {
    stream.addEventListener('message', ({ data }) => this.#read(data.subarray()))
    stream.addEventListener('remoteCloseWrite', () => this.close())
    stream.addEventListener('close', () => {
      if (this.#closed) return
      this.#closed = true
      this.#held = NOTHING
      this.#have = 0
      handlers.onClose(this.#reason)
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Resolves when the stream has taken the frame; a peer that does not read makes it wait, not grow, and is cut after 15 s. */
  async send(frame: Uint8Array): Promise<void> {
    const length = new Uint8Array(LENGTH_BYTES)
    new DataView(length.buffer).setUint32(0, frame.length)
    await this.#put(length)
    for (let at = 0; at < frame.length; at += PIECE_BYTES) await this.#put(frame.subarray(at, at + PIECE_BYTES))
  }

  abort(reason: string): void {
    this.#reason = reason
    this.stream.abort(new Error(reason))
  }

  close(): void {
    if (this.#closed) return
    this.stream.close({ signal: AbortSignal.timeout(2_000) }).catch(() => this.abort('closed'))
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (this.#closed) throw new Error(this.#reason)
    if (this.stream.send(bytes)) return
    await new Promise<void>((resolve, reject) => {
      const impatience = setTimeout(() => this.abort('the peer reads too slowly'), STALLED_MS)
      const done = (): void => {
        clearTimeout(impatience)
        this.stream.removeEventListener('drain', done)
        this.stream.removeEventListener('close', done)
        if (this.#closed) reject(new Error(this.#reason))
        else resolve()
      }
      this.stream.addEventListener('drain', done)
      this.stream.addEventListener('close', done)
    })
  }

  #read(data: Uint8Array): void {
    if (this.#closed) return
    this.#hold(data)
    let at = 0
    while (this.#have - at >= LENGTH_BYTES) {
      const length = new DataView(this.#held.buffer).getUint32(at)
      if (length > this.maxFrameBytes) {
        this.abort(`a frame of ${length} bytes`)
        return
      }
      const end = at + LENGTH_BYTES + length
      if (this.#have < end) break
      this.handlers.onFrame(this.#held.slice(at + LENGTH_BYTES, end))
      if (this.#isClosed()) return // who answers a frame may have cut the stream
      at = end
    }
    this.#held.copyWithin(0, at, this.#have)
    this.#have -= at
    if (this.#have === 0) this.#held = NOTHING
  }

  #isClosed(): boolean {
    return this.#closed
  }

  #hold(data: Uint8Array): void {
    const need = this.#have + data.length
    if (this.#held.length < need) {
      const larger = new Uint8Array(Math.max(need, 2 * this.#held.length))
      larger.set(this.#held.subarray(0, this.#have))
      this.#held = larger
    }
    this.#held.set(data, this.#have)
    this.#have = need
  }
}
