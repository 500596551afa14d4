import type { DestinationState } from '@shared/live/destination'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { TranscodeProgram } from '../relay-parts'
import { OpusMaker } from '../rtc/opus-maker'
import { parseDestination } from './destination-address'
import { DestinationRun, type DestinationRunOptions } from './destination-run'

/** A destination with the key that opens it. */
export interface OpenedDestination {
  id: string
  url: string
  key: string
}

export interface DestinationSetOptions extends Omit<DestinationRunOptions, 'hasOpus'> {
  /** Starts ffmpeg with these arguments: WebRTC takes no AAC. Missing: services that take WHIP get no sound. */
  ffmpeg?: (args: string[]) => TranscodeProgram
}

const AAC_MS = (1024 * 1000) / 48_000
/** States are told at most this often. */
const TELL_EACH_MS = 250

/** One encoding to many services: each has a connection, a queue and a fate of its own. */
export class DestinationSet {
  private wanted: readonly OpenedDestination[] = []
  private readonly runs = new Map<string, { run: DestinationRun; opened: OpenedDestination }>()
  private readonly ending = new Set<Promise<void>>()
  private config: AccessConfig | null = null
  private isRunning = false
  /** One for all that take WHIP; null while none does. */
  private opus: OpusMaker | null = null
  private telling: NodeJS.Timeout | null = null

  /** @param onStates of all destinations of the running live, in their order; empty when none runs */
  constructor(
    private readonly onStates: (states: DestinationState[]) => void,
    private readonly options: DestinationSetOptions = {},
  ) {}

  get states(): DestinationState[] {
    return this.wanted.flatMap(({ id }) => this.runs.get(id)?.run.state ?? [])
  }

  /**
   * Where the show goes; also while it goes on: what is new is connected, what is gone is ended, the others do not
   * notice. @throws StudioError `bad-destination`, nothing is changed then
   */
  set(destinations: readonly OpenedDestination[]): void {
    for (const { url } of destinations) parseDestination(url)
    this.wanted = destinations
    if (this.isRunning) this.match()
  }

  /** The show begins. */
  start(): void {
    this.isRunning = true
    this.match()
  }

  setConfig(config: AccessConfig): void {
    this.config = config
    for (const { run } of this.runs.values()) run.setConfig(config)
  }

  take(unit: AccessUnit): void {
    for (const { run } of this.runs.values()) run.take(unit)
    if (unit.track === 'sound' && this.opus && this.config) {
      this.opus.take(unit.frame * AAC_MS, unit.data, this.config.asc)
    }
  }

  /** Tries one that waits at once. */
  retryNow(id: string): void {
    this.runs.get(id)?.run.retryNow()
  }

  /** The show is over: says goodbye everywhere; resolves when all connections are closed. */
  async stop(): Promise<void> {
    this.isRunning = false
    this.match()
    this.config = null
    await Promise.all(this.ending)
  }

  private match(): void {
    const wanted = new Map(this.isRunning ? this.wanted.map((one) => [one.id, one]) : [])
    for (const [id, { run, opened }] of this.runs) {
      const now = wanted.get(id)
      if (now?.url === opened.url && now.key === opened.key) continue
      this.runs.delete(id)
      const ended = run.stop().finally(() => this.ending.delete(ended))
      this.ending.add(ended)
    }
    for (const [id, opened] of wanted) {
      if (this.runs.has(id)) continue
      const { ffmpeg, ...options } = this.options
      const run = new DestinationRun(id, parseDestination(opened.url), opened.key, () => this.tell(), {
        ...options,
        hasOpus: ffmpeg !== undefined,
      })
      if (this.config) run.setConfig(this.config)
      this.runs.set(id, { run, opened })
    }
    this.matchOpus()
    this.tell()
  }

  private matchOpus(): void {
    const { ffmpeg } = this.options
    const wantsOpus = [...this.runs.values()].some(({ run }) => run.to.kind === 'whip')
    if (!wantsOpus) {
      this.opus?.close()
      this.opus = null
    } else if (ffmpeg) {
      this.opus ??= new OpusMaker(ffmpeg, (packet) => {
        for (const { run } of this.runs.values()) run.takeOpus(packet)
      })
    }
  }

  private tell(): void {
    this.telling ??= setTimeout(() => {
      this.telling = null
      this.onStates(this.states)
    }, TELL_EACH_MS)
  }
}
