import type { Readable } from 'node:stream'

/** Who reads a pipe. */
export interface ByteTaker {
  /** Takes bytes as they came. Those of a paused pipe stay as they are until it is resumed. */
  take(bytes: Uint8Array): void
  /** Where the next bytes may be written at once, not empty; null: they are to be given to `take`. */
  room(): Uint8Array | null
  /** So many bytes were written there. */
  filled(count: number): void
}

/** What a program writes, for one reader. */
export interface BytePipe {
  /** Resolves when the first bytes are there: true. When it ended without any: false. */
  readonly begun: Promise<boolean>
  /** Gives everything from the first byte on. Called once. */
  flow(taker: ByteTaker): void
  /** Nothing is given until `resume`; the program that writes blocks then. */
  pause(): void
  resume(): void
  /** Nothing is given any more, and the program that writes is not held up. */
  discard(): void
}

/** A stream of Node as a pipe: each chunk lies in memory of its own. Works everywhere. */
export class StreamPipe implements BytePipe {
  readonly begun: Promise<boolean>
  private taker: ByteTaker | null = null

  constructor(private readonly stream: Readable) {
    this.begun = new Promise((resolve) => {
      stream.once('readable', () => resolve(stream.readableLength > 0))
      stream.once('close', () => resolve(false))
    })
  }

  flow(taker: ByteTaker): void {
    this.taker = taker
    this.stream.on('data', (chunk: Buffer) => this.taker?.take(chunk))
  }

  pause(): void {
    this.stream.pause()
  }

  resume(): void {
    this.stream.resume()
  }

  discard(): void {
    this.taker = null
    this.stream.resume()
  }
}
