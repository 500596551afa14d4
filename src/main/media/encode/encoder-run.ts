import { FfmpegProcess } from '../ffmpeg-process'
import { FlvPackets, type FlvHandlers } from './flv-packets'

export interface EncoderRunEvents extends FlvHandlers {
  /** All packets have been given. Called once, unless it was abandoned; `why`: it broke. */
  onOver(why: string | null): void
}

/** One ffmpeg that encodes what is written to it, from its start to its end. */
export class EncoderRun {
  /** Milliseconds of performance.now(). */
  readonly startedAt = performance.now()
  private readonly child: FfmpegProcess
  private ending = false
  private over = false

  constructor(
    ffmpegPath: string,
    args: string[],
    private readonly events: EncoderRunEvents,
  ) {
    this.child = new FfmpegProcess(ffmpegPath, args)
    const packets = new FlvPackets({
      onConfig: (bytes) => this.events.onConfig(bytes),
      onPacket: (bytes, key) => this.events.onPacket(bytes, key),
    })
    this.child.stdout.on('data', (chunk: Buffer) => {
      if (this.over) return
      try {
        packets.push(chunk)
      } catch (error) {
        this.finish(error instanceof Error ? error.message : String(error))
      }
    })
    void this.child.exited.then(({ code }) => {
      this.finish(this.ending && code === 0 ? null : this.child.lastWords || 'it was killed')
    })
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  get alive(): boolean {
    return !this.over && this.child.alive
  }

  /** Bytes that the program has not taken yet. */
  get unsent(): number {
    return this.child.stdin.writableLength
  }

  /** `done`: whether the program has the bytes; they may change then. */
  write(data: Uint8Array, done: (taken: boolean) => void): void {
    this.child.stdin.write(data, (error) => done(!error))
  }

  /** Nothing more comes. */
  end(): void {
    this.ending = true
    this.child.stdin.end()
  }

  /** Ends it at once and hears nothing more of it. */
  abandon(): Promise<unknown> {
    this.over = true
    this.child.kill()
    return this.child.exited
  }

  private finish(why: string | null): void {
    if (this.over) return
    this.over = true
    if (why !== null) this.child.kill()
    this.events.onOver(why)
  }
}
