import { FlvReader } from './flv/flv-reader'
import { readPicture, readSound } from './flv/flv-media'
import { TAG } from './flv/flv-tag'
import { FLV_WIRE, LiveReader, type ReaderPipe } from './live-reader'
import type { Live, Publication, RelayHub } from './relay-hub'
import type { TranscodeProgram } from './relay-parts'

/** The smaller copy: half of 720p, for lines below 1 Mbit/s. */
const COPY = { suffix: '_360p', height: 360, kbps: 800, soundKbps: 96 }
const MAX_STARTS = 5

/** Input at once, no buffer in the encoder; key pictures each second so that copies can be changed between. */
export const LADDER_ARGS = [
  ...[
    '-hide_banner',
    '-loglevel',
    'error',
    '-fflags',
    'nobuffer',
    '-probesize',
    '200000',
    '-analyzeduration',
    '500000',
  ],
  ...['-f', 'flv', '-i', 'pipe:0', '-copyts', '-map', '0:v:0', '-map', '0:a:0?'],
  ...['-vf', `scale=-2:${COPY.height}`, '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
  ...['-profile:v', 'main', '-pix_fmt', 'yuv420p', '-sc_threshold', '0', '-force_key_frames', 'expr:gte(t,n_forced)'],
  ...['-b:v', `${COPY.kbps}k`, '-maxrate', `${COPY.kbps}k`, '-bufsize', `${COPY.kbps}k`, '-threads', '2'],
  ...['-c:a', 'aac', '-b:a', `${COPY.soundKbps}k`, '-ar', '48000', '-ac', '2'],
  ...['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'],
]

/**
 * A smaller copy of a live by ffmpeg, as a live of its own whose name ends in `_360p`. When ffmpeg ends it is started
 * again, five times at most; the live itself never depends on it. A computer that is too slow drops pictures of the
 * copy: ffmpeg is fed as any slow reader is.
 */
export class Ladder {
  private program: TranscodeProgram | null = null
  private publication: Publication | null = null
  private starts = 0
  private closed = false

  constructor(
    private readonly hub: RelayHub,
    private readonly live: Live,
    private readonly ffmpeg: (args: string[]) => TranscodeProgram,
    private readonly log: (line: string) => void,
  ) {
    this.start()
  }

  async close(): Promise<void> {
    this.closed = true
    const { program } = this
    this.endCopy()
    await program?.stop()
  }

  private get copyName(): string {
    return this.live.stream.name + COPY.suffix
  }

  private start(): void {
    if (this.closed || this.starts++ >= MAX_STARTS) return
    const { stream, title } = this.live
    const program = this.ffmpeg(LADDER_ARGS)
    this.program = program
    const details = { title, sourceName: stream.name }
    try {
      this.publication = this.hub.publish(this.copyName, details, () => undefined)
    } catch (error) {
      this.log(`No smaller copy of ${stream.name}: ${error instanceof Error ? error.message : String(error)}`)
      void program.stop()
      return
    }
    const stop = stream.follow(new LiveReader(FLV_WIRE, programPipe(program), () => stream.bytesPerSecond))
    this.read(program)
    void program.exited.then(() => {
      stop()
      if (this.program !== program || this.closed) return
      this.endCopy()
      if (this.starts < MAX_STARTS) setTimeout(() => this.start(), 1000 * this.starts)
      else this.log(`The smaller copy of ${stream.name} keeps failing and is left out.`)
    })
  }

  private read(program: TranscodeProgram): void {
    const reader = new FlvReader(({ type, time, body }) => {
      const { publication } = this
      if (!publication) return
      publication.alive()
      if (type === TAG.picture) {
        const picture = readPicture(body)
        if (picture?.kind === 'config') publication.stream.setPicture(picture.config)
        else if (picture) publication.stream.take({ ...picture, track: 'picture', timeMs: time })
      } else if (type === TAG.sound) {
        const sound = readSound(body)
        if (sound?.kind === 'config') publication.stream.setSound(sound.config)
        else if (sound) {
          publication.stream.take({ track: 'sound', key: false, timeMs: time, offsetMs: 0, data: sound.data })
        }
      }
    })
    program.stdout.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch (error) {
        this.log(`ladder: ${String(error)}`)
        void program.stop()
      }
    })
  }

  private endCopy(): void {
    this.publication?.end()
    this.publication = null
    if (this.closed) this.hub.end(this.copyName)
  }
}

function programPipe({ stdin }: TranscodeProgram): ReaderPipe {
  stdin.on('error', () => undefined) // how it ended is told by `exited`
  return {
    queued: () => stdin.writableLength,
    write: (bytes) => {
      if (stdin.writable) stdin.write(bytes)
    },
    close: () => void stdin.end(),
  }
}
