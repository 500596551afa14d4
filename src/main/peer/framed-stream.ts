import type { Stream } from '@libp2p/interface'

const LENGTH_BYTES = 4
/** What is handed to the stream at once, so that a WebRTC message is not split oddly and a drain is noticed. */
const PIECE_BYTES = 16 * 1024 - 64

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
  #parts: Uint8Array[] = []
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
      this.#parts = []
      handlers.onClose(this.#reason)
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Resolves when the stream has taken the frame; a peer that does not read makes it wait, not grow. */
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
      const done = (): void => {
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
    this.#parts.push(data)
    this.#have += data.length
    for (;;) {
      if (this.#have < LENGTH_BYTES) return
      const head = this.#peek(LENGTH_BYTES)
      const length = new DataView(head.buffer, head.byteOffset).getUint32(0)
      if (length > this.maxFrameBytes) {
        this.abort(`a frame of ${length} bytes`)
        return
      }
      if (this.#have < LENGTH_BYTES + length) return
      const frame = this.#peek(LENGTH_BYTES + length).slice(LENGTH_BYTES)
      this.#drop(LENGTH_BYTES + length)
      this.handlers.onFrame(frame)
    }
  }

  /** The first bytes in one piece, without taking them. */
  #peek(count: number): Uint8Array {
    if (this.#parts[0]!.length >= count) return this.#parts[0]!.subarray(0, count)
    this.#parts = [new Uint8Array(Buffer.concat(this.#parts))]
    return this.#parts[0]!.subarray(0, count)
  }

  #drop(count: number): void {
    this.#have -= count
    const rest = this.#parts[0]!.subarray(count)
    if (rest.length > 0) this.#parts[0] = rest
    else this.#parts.shift()
  }
}
