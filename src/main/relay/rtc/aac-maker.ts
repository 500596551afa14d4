import type { TranscodeProgram } from '../relay-parts'
import { OneRun } from './one-run'
import { OggWriter, opusSamples } from './ogg-writer'

/** AAC-LC, 48,000 a second, stereo (AudioSpecificConfig). */
export const AAC_CONFIG = Uint8Array.of(0x11, 0x90)

const AAC_SAMPLES = 1024
/** 20 ms of silence (RFC 6716, 4): fills what was lost, so that sound stays with its picture. */
const SILENCE = Buffer.of(0xfc, 0xff, 0xfe)
const SILENCE_SAMPLES = 960
/** Stamps that differ more from counting have a hole before them, samples. */
const TOLERANCE = 1440
/** A longer hole begins anew. */
const MAX_HOLE = 48_000
const MAX_WAITING = 256 * 1024
const MAX_FRAME = 8191

/** Not `nobuffer`: it throws away the packets by which the sound was known, and what follows would have their times. */
export const AAC_ARGS = [
  ...['-hide_banner', '-loglevel', 'error', '-flags', 'low_delay'],
  ...['-probesize', '32', '-analyzeduration', '0', '-f', 'ogg', '-i', 'pipe:0', '-map', '0:a:0'],
  ...['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-ac', '2', '-f', 'adts', '-flush_packets', '1', 'pipe:1'],
]

/** Opus, as it comes over WebRTC, to AAC, which everything else in the relay takes; by one ffmpeg. */
export class AacMaker {
  private readonly runs = new OneRun<Run>()

  constructor(
    private readonly ffmpeg: (args: string[]) => TranscodeProgram,
    private readonly onFrame: (frame: { ms: number; data: Buffer }) => void,
  ) {}

  /** @param ms when the packet begins in the show */
  take(ms: number, packet: Buffer): void {
    const samples = opusSamples(packet)
    if (this.runs.closed || samples === 0) return
    const at = Math.round(ms * 48)
    if (this.runs.current?.fits(at) === false) this.runs.end()
    const run = this.runs.current ?? this.runs.begin(() => new Run(at, this.ffmpeg(AAC_ARGS), this.onFrame))
    run?.take(at, packet, samples)
  }

  close(): void {
    this.runs.close()
  }
}

/** One run of ffmpeg. */
class Run {
  private isOver = false
  private readonly ogg = new OggWriter()
  private next: number
  private frames = 0
  private rest: Buffer = Buffer.alloc(0)

  constructor(
    private readonly begin: number,
    private readonly program: TranscodeProgram,
    private readonly onFrame: (frame: { ms: number; data: Buffer }) => void,
  ) {
    this.next = begin
    program.stdin.on('error', () => undefined) // how it ended is told by `exited`
    program.stdin.write(this.ogg.start(2))
    program.stdout.on('data', (chunk: Buffer) => this.read(chunk))
    void program.exited.then(() => (this.isOver = true))
  }

  fits(at: number): boolean {
    const hole = at - this.next
    return !this.isOver && hole > -TOLERANCE && hole < MAX_HOLE && this.program.stdin.writableLength <= MAX_WAITING
  }

  take(at: number, packet: Buffer, samples: number): void {
    if (!this.program.stdin.writable) return
    if (at - this.next > TOLERANCE) {
      for (; at - this.next > SILENCE_SAMPLES / 2; this.next += SILENCE_SAMPLES) {
        this.program.stdin.write(this.ogg.write(SILENCE, SILENCE_SAMPLES))
      }
    }
    this.program.stdin.write(this.ogg.write(packet, samples))
    this.next += samples
  }

  end(): void {
    this.isOver = true
    void this.program.stop()
  }

  /** ADTS, ISO/IEC 14496-3, 1.A.2. */
  private read(chunk: Buffer): void {
    if (this.isOver) return
    let bytes = Buffer.concat([this.rest, chunk])
    while (bytes.length >= 7) {
      const length = ((bytes[3]! & 3) << 11) | (bytes[4]! << 3) | (bytes[5]! >> 5)
      if (bytes[0] !== 0xff || length < 7 || length > MAX_FRAME) {
        this.end()
        return
      }
      if (bytes.length < length) break
      // the encoder's first frame has what comes before the beginning
      const ms = (this.begin + (this.frames++ - 1) * AAC_SAMPLES) / 48
      this.onFrame({ ms, data: Buffer.from(bytes.subarray((bytes[1]! & 1) === 1 ? 7 : 9, length)) })
      bytes = bytes.subarray(length)
    }
    this.rest = Buffer.from(bytes)
  }
}
