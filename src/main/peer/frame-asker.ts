import type { Stream } from '@libp2p/interface'
import { StudioError } from '@shared/errors'
import { FramedStream } from './framed-stream'

interface Pending {
  frames: Uint8Array[]
  bytes: number
  maxFrames: number
  maxBytes: number
  timer: NodeJS.Timeout
  resolve: (frames: Uint8Array[]) => void
  reject: (error: StudioError) => void
}

/** The asking end of one stream: one question at a time, in the order of asking. */
export class FrameAsker {
  readonly #stream: FramedStream
  #line: Promise<unknown> = Promise.resolve()
  #pending: Pending | null = null

  constructor(
    raw: Stream,
    private readonly peer: string,
    maxFrameBytes: number,
    /** Between two frames of an answer, and before its first. */
    private readonly silenceMs: number,
    onClose: () => void,
  ) {
    this.#stream = new FramedStream(raw, maxFrameBytes, {
      onFrame: (frame) => this.#take(frame),
      onClose: () => {
        onClose()
        this.#fail('peer-silent', `The peer ${this.peer} closed the connection.`)
      },
    })
  }

  /** Throws StudioError `peer-silent` or `peer-flood`. */
  ask(request: Uint8Array, maxFrames: number, maxBytes: number): Promise<Uint8Array[]> {
    const mine = this.#line.then(() => this.#ask(request, maxFrames, maxBytes))
    this.#line = mine.catch(() => undefined)
    return mine
  }

  abort(reason: string): void {
    this.#stream.abort(reason)
  }

  close(): void {
    this.#stream.close()
  }

  #ask(request: Uint8Array, maxFrames: number, maxBytes: number): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      if (this.#stream.closed) {
        reject(new StudioError('peer-silent', `The peer ${this.peer} closed the connection.`))
        return
      }
      const timer = setTimeout(() => this.#stream.abort('no answer in time'), this.silenceMs)
      this.#pending = { frames: [], bytes: 0, maxFrames, maxBytes, timer, resolve, reject }
      this.#stream.send(request).catch(() => this.#stream.abort('it takes no request'))
    })
  }

  #take(frame: Uint8Array): void {
    const pending = this.#pending
    if (pending === null) {
      this.#stream.abort('an answer that nobody asked for')
      return
    }
    pending.timer.refresh()
    if (frame.length === 0) {
      clearTimeout(pending.timer)
      this.#pending = null
      pending.resolve(pending.frames)
      return
    }
    pending.bytes += frame.length
    if (pending.frames.length >= pending.maxFrames || pending.bytes > pending.maxBytes) {
      this.#fail('peer-flood', `The peer ${this.peer} sends more than it was asked for.`)
      this.#stream.abort('more than was asked for')
      return
    }
    pending.frames.push(frame)
  }

  #fail(code: string, message: string): void {
    const pending = this.#pending
    if (pending === null) return
    clearTimeout(pending.timer)
    this.#pending = null
    pending.reject(new StudioError(code, message))
  }
}
