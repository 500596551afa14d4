import type { Readable, Writable } from 'node:stream'
import { PartFeed } from './part-feed'
import { errorOfWords, pullError } from './pull-error'
import { feedUrl, MAX_HEIGHT, MAX_WIDTH, pullArgs } from './pull-args'
import type { PullSource } from './pull-source'
import { PulledPackets, type PulledPacketHandlers } from './pulled-packets'
import { TlsBridge, type TlsBridgeOptions } from './tls-bridge'
import { StreamFactsReader, type StreamFacts } from './stream-facts'

/** A running program; `FfmpegProcess` is one. */
export interface PullProgram {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly exited: Promise<{ code: number | null }>
  readonly stderrTail: string
  kill(): void
}

/** Starts ffmpeg; `onLine` gets every line of its log. */
export type StartProgram = (args: string[], onLine: (line: string) => void) => PullProgram

export interface PullRunEvents extends PulledPacketHandlers {
  onFacts(facts: StreamFacts, recoded: boolean): void
  /** What the program writes, as FLV. */
  onBytes?(chunk: Buffer): void
  /** All that came has been given. Null: the video is over. Called once, unless it was closed. */
  onOver(problem: Error | null): void
}

/** The first picture must be there after so long, milliseconds. */
const OPEN_MS = 15_000
/** Nothing came for so long: the program hangs or the server does. */
const STALL_MS = 10_000

/** One fetch of somebody else's video: copied when it can be, else encoded anew; ended when it falls silent. */
export class PullRun {
  /** Bytes that came out of the program. */
  bytes = 0
  private program: PullProgram | null = null
  private feed: PartFeed | null = null
  private bridge: TlsBridge | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private over = false
  private paused = false
  private came = false

  constructor(
    private readonly start: StartProgram,
    private readonly source: PullSource,
    private readonly fromMs: number | null,
    private readonly events: PullRunEvents,
    tls: TlsBridgeOptions = {},
  ) {
    const secure = source.inputs.find((url) => /^rtmps:/i.test(url))
    if (secure === undefined) this.attempt(false)
    else void this.reach(secure, tls)
  }

  /** Holds the program back, by not reading what it writes. */
  pause(): void {
    if (this.paused) return
    this.paused = true
    clearTimeout(this.timer)
    this.program?.stdout.pause()
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.expect(STALL_MS)
    this.program?.stdout.resume()
  }

  /** Ends it and hears nothing more of it. */
  close(): void {
    this.over = true
    clearTimeout(this.timer)
    this.feed?.close()
    this.program?.kill()
    this.bridge?.close()
  }

  /** By a way on which the certificate is checked. */
  private async reach(url: string, tls: TlsBridgeOptions): Promise<void> {
    try {
      const bridge = await TlsBridge.open(url, tls)
      if (this.over) bridge.close()
      else {
        this.bridge = bridge
        this.attempt(false)
      }
    } catch (error) {
      this.end(pullError('nothing-there', error))
    }
  }

  private attempt(recode: boolean, patient = false): void {
    const packets = new PulledPackets(this.events)
    const isMine = (): boolean => !this.over && this.program === program
    let facts: StreamFacts | null = null
    const reader = new StreamFactsReader((read) => {
      facts = read
      if (!isMine()) return
      const { picture } = read
      if (picture && !recode && !picture.plain) {
        program.kill()
        this.attempt(true, patient)
      } else if (picture && (picture.width > MAX_WIDTH || picture.height > MAX_HEIGHT)) this.end(pullError('too-large'))
      else if (picture) this.events.onFacts(read, recode)
      else if (read.hasSound && !patient) {
        program.kill()
        this.attempt(recode, true)
      } else if (read.hasSound) this.end(pullError('no-picture'))
    })
    const argv = pullArgs(this.source, recode, this.fromMs, patient, this.bridge?.input)
    const program = this.start(argv, (line) => reader.line(line))
    this.program = program
    this.feed?.close()
    const parts = feedUrl(this.source)
    if (parts !== null) {
      this.feed = new PartFeed(parts, program.stdin, (problem) => {
        if (!isMine()) return
        if (problem) this.end(problem)
        // What it has is played to its end.
        else program.stdin.end()
      })
    }
    this.expect(OPEN_MS)
    program.stdout.on('data', (chunk: Buffer) => {
      if (!isMine()) return
      reader.tell()
      if (!isMine()) return
      this.bytes += chunk.length
      this.came = true
      if (!this.paused) this.expect(STALL_MS)
      try {
        this.events.onBytes?.(chunk)
        packets.push(chunk)
      } catch (error) {
        this.end(error instanceof Error ? error : new Error(String(error)))
      }
    })
    void program.exited.then(({ code }) => {
      if (!isMine()) return
      if (!this.came && facts === null) reader.tell()
      if (!isMine()) return
      if (code === 0 && this.came) this.end(null)
      else if (this.bridge?.problem) this.end(this.bridge.problem)
      else this.end(pullError(errorOfWords(program.stderrTail) ?? 'cannot-play', program.stderrTail))
    })
  }

  private expect(withinMs: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.end(pullError(this.came ? 'pull-stalled' : 'nothing-there')), withinMs)
  }

  private end(problem: Error | null): void {
    if (this.over) return
    this.close()
    this.events.onOver(problem)
  }
}
