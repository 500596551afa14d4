import type { Readable } from 'node:stream'

/** Half a minute of sound before the first picture; a file with more is broken. */
const MOST_BYTES = 30 * 48_000 * 4

/**
 * The sound that a program writes before its first picture. It must be read, or the pipe fills up (64 KB, a third of a
 * second), the program waits for us, and we for its picture.
 */
export class EarlySound {
  private chunks: Buffer[] = []
  private size = 0
  private readonly collect = (chunk: Buffer): void => {
    this.chunks.push(chunk)
    this.size += chunk.length
    if (this.size > MOST_BYTES) this.pipe.pause()
  }

  constructor(private readonly pipe: Readable) {
    pipe.on('data', this.collect)
  }

  /** Gives what was collected, then everything that follows. Once. */
  flow(take: (chunk: Buffer) => void): void {
    this.pipe.off('data', this.collect)
    for (const chunk of this.chunks) take(chunk)
    this.chunks = []
    this.pipe.on('data', take)
    this.pipe.resume()
  }
}
