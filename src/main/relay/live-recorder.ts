import { join } from '@shared/media/mp4-boxes'
import { HlsMuxer, type HlsInit, type HlsSegment } from './hls/hls-muxer'
import type { LivePacket, StreamConfig } from './live-packet'
import type { StreamSink } from './live-reader'
import type { LiveRecording } from './relay-parts'

/** While the file is being opened, this many segments may wait. */
const MAX_WAITING = 16

/** Writes a live into a file, segment by segment; a recording that fails never harms the live. */
export class LiveRecorder implements StreamSink {
  private readonly muxer = new HlsMuxer()
  private recording: LiveRecording | null = null
  private failed = false
  private init: HlsInit | null = null
  private written = -1
  private readonly opened: Promise<void>

  constructor(
    open: () => Promise<LiveRecording>,
    private readonly log: (line: string) => void,
  ) {
    this.muxer.onChange = () => this.writeNew()
    this.opened = open().then(
      (recording) => {
        this.recording = recording
        log(`Recording into ${recording.path}`)
        this.writeNew()
      },
      (error: unknown) => {
        this.failed = true
        log(`This live is not recorded: ${error instanceof Error ? error.message : String(error)}`)
      },
    )
  }

  config(config: StreamConfig, timeMs: number): void {
    this.muxer.config(config, timeMs)
  }

  packet(packet: LivePacket): void {
    this.muxer.packet(packet)
  }

  end(): void {
    this.muxer.end()
  }

  /** After the end: everything is in the file, and the file is closed. */
  async finish(): Promise<void> {
    await this.opened
    await this.recording?.finish()
  }

  private writeNew(): void {
    const { segments } = this.muxer
    if (this.failed) segments.length = 0
    if (this.recording) for (const segment of segments.splice(0)) this.write(segment, this.recording)
    else if (segments.length > MAX_WAITING) {
      this.failed = true
      this.log('This live is not recorded: the disk does not answer.')
    }
  }

  private write({ number, init, parts, seconds }: HlsSegment, recording: LiveRecording): void {
    if (number <= this.written) return
    this.written = number
    if (init !== this.init) recording.start(init.bytes)
    this.init = init
    recording.write(join(parts.map(({ bytes }) => bytes)), seconds * 1000)
  }
}
