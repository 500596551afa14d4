import { reportError, StudioError } from '@shared/errors'
import type { DestinationState } from '@shared/live/destination'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { OpusPacket } from '../rtc/opus-maker'
import type { DestinationAddress } from './destination-address'
import { learnt, openLine, type DestinationLine, type DestinationShow, type LineOptions } from './destination-line'
import { RatePerSecond } from './rate-per-second'
import type { PublishOptions } from './rtmp-publisher'

/** Waits before a new try after a break of a live that had been taken; the last goes on for ever. */
const AFTER_BREAK_MS = [200, 400, 800, 1200]
/** After a no, or where nothing ever answered: asking every second would be taken for an attack. */
const AFTER_NO_MS = [1000, 2000, 5000, 10_000]
/** An outage this long is no hiccup: ask less often from here on. */
const LONG_OUTAGE_MS = 600_000
const LONG_WAIT_MS = 5_000
const JITTER = 0.2
const LOOK_MS = 500
/** The line takes nothing at all for this long: a new connection is worth a try. */
const STALLED_MS = 6_000

export interface DestinationRunOptions extends Omit<PublishOptions, 'signal'> {
  /** 0 to 1, for the jitter of the waits; Math.random. */
  random?: () => number
  /** Whether Opus is made of the sound; without it a service that takes WHIP gets pictures alone. */
  hasOpus?: boolean
}

/**
 * One destination of a running live: connects, sends from the next key picture on, and comes back for as long as the
 * live goes on. What it cannot send is left out; it never waits for the line and keeps nobody else waiting.
 */
export class DestinationRun {
  private current: Omit<DestinationState, 'kbps' | 'bytes' | 'droppedPictures'>
  private readonly stopped = new AbortController()
  private readonly running: Promise<void>
  private readonly rate = new RatePerSecond()
  private line: DestinationLine | null = null
  private show: DestinationShow | null = null
  private config: AccessConfig | null = null
  private bytesBefore = 0
  private droppedBefore = 0
  private wakeUp: (() => void) | null = null
  private hasConfig!: (config: AccessConfig) => void
  /** An offer by WHIP names the encoding, which may not be known yet. */
  private readonly firstConfig: Promise<AccessConfig>
  /** What earlier attempts have taught. */
  private lesson: Pick<LineOptions, 'iceServers'> = {}

  constructor(
    id: string,
    readonly to: DestinationAddress,
    private readonly key: string,
    private readonly onChange: (state: DestinationState) => void,
    private readonly options: DestinationRunOptions = {},
  ) {
    this.current = { id, state: 'connecting', problem: null, at: null, reconnects: 0 }
    this.firstConfig = new Promise((resolve, reject) => {
      this.hasConfig = resolve
      this.stopped.signal.addEventListener('abort', () => reject(this.stopped.signal.reason as Error), { once: true })
    })
    this.firstConfig.catch(() => undefined)
    this.running = this.run()
  }

  get state(): DestinationState {
    const bytes = this.bytesBefore + (this.line?.bytesSent ?? 0)
    const droppedPictures = this.droppedBefore + (this.show?.droppedPictures ?? 0)
    return { ...this.current, bytes, droppedPictures, kbps: this.rate.kbps(bytes, performance.now()) }
  }

  setConfig(config: AccessConfig): void {
    this.config = config
    this.hasConfig(config)
    this.show?.setConfig(config)
  }

  take(unit: AccessUnit): void {
    this.show?.take(unit)
  }

  takeOpus(packet: OpusPacket): void {
    this.show?.takeOpus?.(packet)
  }

  /** Tries at once instead of at the end of the wait. */
  retryNow(): void {
    this.wakeUp?.()
  }

  /** Says goodbye and ends; resolves when the connection is closed. */
  async stop(): Promise<void> {
    this.stopped.abort()
    this.wakeUp?.()
    await this.running
  }

  private async run(): Promise<void> {
    let failures = 0
    let wasLive = false
    let awaySince = performance.now()
    const { signal } = this.stopped
    while (!signal.aborted) {
      this.set({ state: 'connecting', at: null })
      let problem: unknown
      try {
        const { line, show } = await this.open(signal)
        if (wasLive) this.current.reconnects++
        wasLive = true
        failures = 0
        problem = await this.send(line, show)
        awaySince = performance.now()
      } catch (error) {
        problem = error
        this.lesson = learnt(error)
      }
      if (this.stopped.signal.aborted) break
      const isNo = problem instanceof StudioError && problem.code === 'destination-refused'
      const waits = wasLive && !isNo ? AFTER_BREAK_MS : AFTER_NO_MS
      const isLong = performance.now() - awaySince > LONG_OUTAGE_MS
      const wait = Math.max(waits[Math.min(failures++, waits.length - 1)]!, isLong ? LONG_WAIT_MS : 0)
      const random = (this.options.random ?? Math.random)()
      const waitMs = wait * (1 + JITTER * (random - 0.5))
      this.set({ state: 'retrying', problem: reportError(problem).message, at: Date.now() + Math.round(waitMs) })
      await this.pause(waitMs)
    }
    this.set({ state: 'off', problem: null, at: null })
  }

  private async open(signal: AbortSignal): Promise<{ line: DestinationLine; show: DestinationShow }> {
    const { timeoutMs, ca, hasOpus = false } = this.options
    const config = this.firstConfig.then((first) => this.config ?? first)
    config.catch(() => undefined)
    return openLine(this.to, this.key, config, {
      ...{ signal, hasSound: hasOpus, ...this.lesson },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(ca === undefined ? {} : { ca }),
    })
  }

  /** Sends until the connection is over; resolves with what went wrong. */
  private async send(line: DestinationLine, show: DestinationShow): Promise<unknown> {
    this.line = line
    if (this.config) show.setConfig(this.config)
    this.show = show
    this.set({ state: 'live', problem: null, at: Date.now() })
    let problem: unknown = null
    let sent = -1
    let sentAt = performance.now()
    const look = setInterval(() => {
      const now = performance.now()
      if (line.bytesSent !== sent || line.queuedBytes === 0) {
        sent = line.bytesSent
        sentAt = now
      } else if (now - sentAt > STALLED_MS) {
        problem = new StudioError('destination-stalled', 'The service takes nothing any more. It is connected anew.')
        line.destroy()
      }
      this.onChange(this.state)
    }, LOOK_MS)
    let closed: Promise<void> | undefined
    const farewell = (): void => void (closed = line.close())
    this.stopped.signal.addEventListener('abort', farewell, { once: true })
    if (this.stopped.signal.aborted) farewell()
    const over = await line.over
    await closed
    clearInterval(look)
    this.stopped.signal.removeEventListener('abort', farewell)
    this.bytesBefore += line.bytesSent
    this.droppedBefore += show.droppedPictures
    this.show = null
    this.line = null
    return problem ?? over
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.wakeUp = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.wakeUp = done
    })
  }

  private set(change: Partial<DestinationState>): void {
    Object.assign(this.current, change)
    this.onChange(this.state)
  }
}
