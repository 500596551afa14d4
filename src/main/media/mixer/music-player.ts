import { basename } from 'node:path'
import { StudioError } from '@shared/errors'
import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { FfmpegProcess } from '../ffmpeg-process'
import { FILE_INPUT, fileUrl } from '../probe'

/** Decoded ahead, bytes: one second. The pipe waits at twice of it. */
const AHEAD_BYTES = AUDIO_RATE * AUDIO_CHANNELS * 2

/** A music file, decoded by ffmpeg as fast as it is played and begun again at its end. */
export class MusicPlayer {
  private readonly child: FfmpegProcess
  private readonly chunks: Buffer[] = []
  private waiting = 0
  /** Bytes of the first chunk that are played already. */
  private used = 0
  private closed = false

  /** @param onFailure called once when the file cannot be played, with a sentence for the person */
  constructor(
    ffmpegPath: string,
    readonly path: string,
    onFailure: (error: StudioError) => void,
  ) {
    this.child = new FfmpegProcess(ffmpegPath, [
      ...['-v', 'error', '-nostdin', '-stream_loop', '-1', ...FILE_INPUT, '-i', fileUrl(path)],
      ...['-map', '0:a:0', '-vn', '-ar', String(AUDIO_RATE), '-ac', String(AUDIO_CHANNELS), '-f', 's16le', 'pipe:1'],
    ])
    this.child.stdout.on('data', (chunk: Buffer) => {
      if (this.closed) return
      this.chunks.push(chunk)
      this.waiting += chunk.length
      if (this.waiting >= 2 * AHEAD_BYTES) this.child.stdout.pause()
    })
    void this.child.exited.then(() => {
      if (this.closed) return
      const why = this.child.lastWords
      const words = `The music ${basename(path)} cannot be played${why ? ` (${why})` : ''}. Choose another file.`
      onFailure(new StudioError('music-failed', words))
    })
  }

  /** Whether a tenth of a second is there, so that it can begin. */
  get isReady(): boolean {
    return this.waiting > AHEAD_BYTES / 10
  }

  /** Takes the next samples; silence where decoding does not keep up. */
  take(target: Float32Array, count: number): void {
    const end = count * AUDIO_CHANNELS
    let i = 0
    while (i < end && this.chunks.length > 0) {
      const chunk = this.chunks[0]!
      // A chunk may end in the middle of a sample.
      if (chunk.length - this.used < 2) {
        const rest = chunk.subarray(this.used)
        this.chunks.shift()
        this.used = 0
        if (rest.length > 0 && this.chunks.length === 0) {
          this.chunks.unshift(rest)
          break
        }
        if (rest.length > 0) this.chunks[0] = Buffer.concat([rest, this.chunks[0]!])
        continue
      }
      target[i++] = chunk.readInt16LE(this.used) / 32768
      this.used += 2
      this.waiting -= 2
    }
    target.fill(0, i, end)
    if (this.waiting < AHEAD_BYTES && !this.closed) this.child.stdout.resume()
  }

  async close(): Promise<void> {
    this.closed = true
    this.child.stdout.resume()
    await this.child.stop()
  }
}
