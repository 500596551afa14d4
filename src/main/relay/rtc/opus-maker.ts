import type { TranscodeProgram } from '../relay-parts'
import { adtsHeader } from './adts'
import { OneRun } from './one-run'

/** 20 ms of sound. */
export interface OpusPacket {
  /** When it begins in the show, samples of 48,000 a second. */
  samples: number
  data: Buffer
}

const OPUS_SAMPLES = 960
/** At a constant bitrate each packet has the same length, so nothing need stand between them: Ogg holds one packet back. */
const BITRATE_KBPS = 128
const PACKET_BYTES = (BITRATE_KBPS * OPUS_SAMPLES) / 48 / 8
/** What libopus adds before the sound at 48,000 a second; ffmpeg writes it as pre-skip. */
const PRE_SKIP = 312
const AAC_SAMPLES = 1024
/** Frames of sound whose stamps differ more from counting have a hole before them, samples: the ear's limit for lips is 40 ms. */
const TOLERANCE = 1440
/** A longer hole begins anew. */
const MAX_HOLE = 24_000
/** A program that takes nothing is replaced, bytes: some 15 s of sound. */
const MAX_WAITING = 256 * 1024
/** Frames that may be inside ffmpeg. */
const MAX_MARKS = 512

/** Not `nobuffer`: it throws away the frames by which the sound was known, and what follows would have their times. */
export const OPUS_ARGS = [
  ...['-hide_banner', '-loglevel', 'error', '-flags', 'low_delay'],
  ...['-probesize', '32', '-analyzeduration', '0', '-f', 'aac', '-i', 'pipe:0', '-map', '0:a:0'],
  ...[
    '-c:a',
    'libopus',
    '-b:a',
    `${BITRATE_KBPS}k`,
    '-vbr',
    'off',
    '-ar',
    '48000',
    '-ac',
    '2',
    '-application',
    'audio',
    '-frame_duration',
    '20',
  ],
  ...['-f', 'data', '-flush_packets', '1', 'pipe:1'],
]

/** AAC to Opus for all who watch over WebRTC, by one ffmpeg; times follow those of the AAC frames. */
export class OpusMaker {
  private readonly runs = new OneRun<Run>()

  constructor(
    private readonly ffmpeg: (args: string[]) => TranscodeProgram,
    private readonly onPacket: (packet: OpusPacket) => void,
  ) {}

  /** @param ms when the frame begins in the show; @param asc AudioSpecificConfig, ISO/IEC 14496-3 */
  take(ms: number, data: Uint8Array, asc: Uint8Array): void {
    if (this.runs.closed) return
    const key = Buffer.from(asc).toString('hex')
    const at = Math.round(ms * 48)
    const { current } = this.runs
    if (current && (current.key !== key || current.isOver || !current.fits(at))) this.runs.end()
    if (!this.runs.current) {
      const header = adtsHeader(asc)
      if (!header) return
      this.runs.begin(() => new Run(key, header, at, this.ffmpeg(OPUS_ARGS), this.onPacket))
    }
    this.runs.current?.take(at, data)
  }

  close(): void {
    this.runs.close()
  }
}

/** One run of ffmpeg. */
class Run {
  isOver = false
  /** Where in the program's input, in samples of 48,000, something begins that has this time in the show. */
  private readonly marks: { position: number; at: number }[] = []
  private readonly frameSamples: number
  private given = 0
  private next: number
  private made = -PRE_SKIP
  private out: number
  private rest: Buffer = Buffer.alloc(0)

  constructor(
    readonly key: string,
    private readonly header: { of: (length: number) => Buffer; rate: number },
    at: number,
    private readonly program: TranscodeProgram,
    private readonly onPacket: (packet: OpusPacket) => void,
  ) {
    this.frameSamples = (AAC_SAMPLES * 48_000) / header.rate
    this.next = at
    this.out = at - PRE_SKIP
    this.marks.push({ position: 0, at })
    program.stdin.on('error', () => undefined) // how it ended is told by `exited`
    program.stdout.on('data', (chunk: Buffer) => this.read(chunk))
    void program.exited.then(() => (this.isOver = true))
  }

  fits(at: number): boolean {
    return Math.abs(at - this.next) <= MAX_HOLE && this.program.stdin.writableLength <= MAX_WAITING
  }

  take(at: number, data: Uint8Array): void {
    if (Math.abs(at - this.next) > TOLERANCE) {
      this.next = at
      this.marks.push({ position: this.given, at })
      if (this.marks.length > MAX_MARKS) this.marks.shift()
    }
    if (!this.program.stdin.writable) return
    this.program.stdin.write(this.header.of(data.length))
    this.program.stdin.write(data)
    this.next += this.frameSamples
    this.given += this.frameSamples
  }

  end(): void {
    this.isOver = true
    void this.program.stop()
  }

  private read(chunk: Buffer): void {
    if (this.isOver) return
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    let at = 0
    for (; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
      this.packet(Buffer.from(bytes.subarray(at, at + PACKET_BYTES)))
    }
    this.rest = Buffer.from(bytes.subarray(at))
  }

  private packet(data: Buffer): void {
    while (this.marks.length > 1 && this.marks[1]!.position <= this.made) {
      this.marks.shift()
      this.out = this.marks[0]!.at + Math.round(this.made - this.marks[0]!.position)
    }
    this.onPacket({ samples: this.out, data })
    this.made += OPUS_SAMPLES
    this.out += OPUS_SAMPLES
  }
}
