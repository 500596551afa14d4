import { reportError, StudioError } from '@shared/errors'
import type { DestinationState } from '@shared/live/destination'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { RatePerSecond } from './rate-per-second'
import type { RtmpAddress } from './rtmp-address'
import { RtmpPublisher, type PublishOptions } from './rtmp-publisher'
import { RtmpShow } from './rtmp-show'

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
  private publisher: RtmpPublisher | null = null
  private show: RtmpShow | null = null
  private config: AccessConfig | null = null
  private bytesBefore = 0
  private droppedBefore = 0
  private wakeUp: (() => void) | null = null

  constructor(
    id: string,
    private readonly address: RtmpAddress,
    private readonly key: string,
    private readonly onChange: (state: DestinationState) => void,
    private readonly options: DestinationRunOptions = {},
  ) {
    this.current = { id, state: 'connecting', problem: null, at: null, reconnects: 0 }
    this.running = this.run()
  }

  get state(): DestinationState {
    const bytes = this.bytesBefore + (this.publisher?.bytesSent ?? 0)
    const droppedPictures = this.droppedBefore + (this.show?.droppedPictures ?? 0)
    return { ...this.current, bytes, droppedPictures, kbps: this.rate.kbps(bytes, performance.now()) }
  }

  setConfig(config: AccessConfig): void {
    this.config = config
    this.show?.setConfig(config)
  }

  take(unit: AccessUnit): void {
    this.show?.take(unit)
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
        const { timeoutMs, ca } = this.options
        this.publisher = await RtmpPublisher.open(this.address, this.key, {
          signal,
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
          ...(ca === undefined ? {} : { ca }),
        })
        if (wasLive) this.current.reconnects++
        wasLive = true
        failures = 0
        problem = await this.send(this.publisher)
        awaySince = performance.now()
      } catch (error) {
        problem = error
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

  /** Sends until the connection is over; resolves with what went wrong. */
  private async send(publisher: RtmpPublisher): Promise<unknown> {
    const show = new RtmpShow(publisher)
    if (this.config) show.setConfig(this.config)
    this.show = show
    this.set({ state: 'live', problem: null, at: Date.now() })
    let problem: unknown = null
    let sent = -1
    let sentAt = performance.now()
    const look = setInterval(() => {
      const now = performance.now()
      if (publisher.bytesSent !== sent || publisher.queuedBytes === 0) {
        sent = publisher.bytesSent
        sentAt = now
      } else if (now - sentAt > STALLED_MS) {
        problem = new StudioError('destination-stalled', 'The service takes nothing any more. It is connected anew.')
        publisher.destroy()
      }
      this.onChange(this.state)
    }, LOOK_MS)
    const farewell = (): void => void publisher.close(this.key)
    this.stopped.signal.addEventListener('abort', farewell, { once: true })
    if (this.stopped.signal.aborted) farewell()
    const over = await publisher.over
    clearInterval(look)
    this.stopped.signal.removeEventListener('abort', farewell)
    this.bytesBefore += publisher.bytesSent
    this.droppedBefore += show.droppedPictures
    this.show = null
    this.publisher = null
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
