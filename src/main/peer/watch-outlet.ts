import { WatchFeedReport, type WatchFeedMessage } from '@shared/live/watch-feed'
import type { AccessConfig } from '@shared/media/access-unit'

/** The window's player reports once a second; after so long a silence it does not take anything either. */
const SILENT_MS = 4000

/** One end of the port to the window's player. */
export interface WatchPort {
  post(message: WatchFeedMessage): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

/**
 * The way of a watched live into the window. A window that hangs gets nothing more until it answers again: pictures
 * must not pile up in its port.
 */
export class WatchOutlet {
  /** What the player said last; null before that. */
  report: WatchFeedReport | null = null
  private config: AccessConfig | null = null
  private heardAt: number
  private skipped = false
  private readonly stop: () => void
  private over = false

  /** @param follow begins to post; returns how to stop */
  constructor(
    private readonly port: WatchPort,
    follow: (post: (message: WatchFeedMessage) => void) => () => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.heardAt = now()
    port.onMessage((message) => this.heard(message))
    port.onClose(() => this.close())
    this.stop = follow((message) => this.take(message))
  }

  close(): void {
    if (this.over) return
    this.over = true
    this.stop()
    this.port.close()
  }

  private take(message: WatchFeedMessage): void {
    if (this.over) return
    if (message.t === 'config') this.config = message.config
    if (message.t === 'end' || this.now() - this.heardAt < SILENT_MS) this.port.post(message)
    else this.skipped = true
  }

  private heard(message: unknown): void {
    const parsed = WatchFeedReport.safeParse(message)
    if (!parsed.success || this.over) return
    this.report = parsed.data
    this.heardAt = this.now()
    if (!this.skipped) return
    this.skipped = false
    if (this.config) this.port.post({ t: 'config', config: this.config })
    this.port.post({ t: 'gap', track: 'picture' })
    this.port.post({ t: 'gap', track: 'sound' })
  }
}
