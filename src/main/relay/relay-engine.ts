import { join } from 'node:path'
import type { SegmentMessage } from '@shared/engines/media-service'
import type { RelayAddress, RelayFigures, RelayStart } from '@shared/engines/relay-service'
import { reportError, StudioError, type ErrorReport } from '@shared/errors'
import type { RelayIntake } from '@shared/media/relay-intake'
import { Relay } from './relay'
import type { RelayParts } from './relay-parts'
import { StreamKeys } from './stream-keys'

const FIGURES_MS = 1_000

export interface RelayEngineEvents {
  figures: (figures: RelayFigures) => void
  problem: (problem: ErrorReport) => void
}

/** A relay with its keys and its figures, as the app or any other owner runs it. */
export class RelayEngine {
  private relay: Relay | null = null
  private keys: StreamKeys | null = null
  private timer: NodeJS.Timeout | null = null
  private hadLives = false

  constructor(
    private readonly events: RelayEngineEvents,
    /** Parts for this start: recordings and ffmpeg where they are wanted. */
    private readonly partsFor: (start: RelayStart) => RelayParts,
  ) {}

  /** @throws StudioError what `Relay.start` and `StreamKeys.open` say */
  async start(start: RelayStart): Promise<RelayAddress> {
    if (this.relay) throw new StudioError('relay-running', 'The relay is running already.')
    const { host, rtmpPort, httpPort, dataDir, origins } = start
    const keys = await StreamKeys.open(join(dataDir, 'stream-keys.json'))
    const relay = await Relay.start({ host, rtmpPort, httpPort, keys, origins }, this.partsFor(start))
    this.keys = keys
    this.relay = relay
    relay.setRoom(start.roomKbps)
    this.timer = setInterval(() => this.tell(relay), FIGURES_MS)
    return { host, rtmpPort: relay.rtmpPort, httpPort: relay.httpPort }
  }

  async makeKey(name: string): Promise<string> {
    return this.need(this.keys).make(name)
  }

  /** See `Relay.showKey`. */
  showKey(name: string): string {
    return this.need(this.relay).showKey(name)
  }

  /** See `Relay.setRoom`. */
  setRoom(kbps: number | null): void {
    this.need(this.relay).setRoom(kbps)
  }

  get keyNames(): string[] {
    return this.need(this.keys).names
  }

  get figures(): RelayFigures {
    return this.need(this.relay).figures
  }

  /**
   * Where a broadcaster of our own posts its units, as the media engine puts them on a segment port. A live that
   * cannot begin is a `problem`, and what follows is ignored.
   */
  unitSink(name: string, title: string): (message: SegmentMessage) => void {
    let intake: RelayIntake | null = null
    let refused = false
    const open = (): RelayIntake => this.need(this.relay).intake(name, title)
    return (message) => {
      if (refused) return
      try {
        if (message.t === 'config') (intake ??= open()).config(message.config)
        else if (message.t === 'unit') intake?.unit(message.unit)
        else if (message.t === 'end') {
          intake?.end()
          intake = null
        }
      } catch (error) {
        refused = true
        this.events.problem(reportError(error))
      }
    }
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer)
    await this.relay?.close()
    this.relay = null
  }

  private tell(relay: Relay): void {
    relay.room.settle()
    const { figures } = relay
    const has = figures.lives.length > 0
    if (has || this.hadLives) this.events.figures(figures)
    this.hadLives = has
  }

  private need<T>(value: T | null): T {
    if (value === null) throw new StudioError('engine-not-ready', 'The relay has not been started.')
    return value
  }
}
