/** How long the names of Chromium's devices may be read after they were asked for, milliseconds. */
const NAMES_MS = 3000
/** How long the window has to begin a capture that it was asked for. */
const GRANT_MS = 10_000

interface Grant {
  /** As Electron calls them: `video`, `audio`; none for a screen. */
  kinds: string[]
  until: number
}

/** What the window may capture now: only what main has asked it for, each once. */
export class CaptureGuard {
  private namesUntil = 0
  private grants: Grant[] = []

  constructor(private readonly now = Date.now) {}

  /** The names of devices may be read for a moment. */
  allowNames(): void {
    this.namesUntil = this.now() + NAMES_MS
  }

  /** They have been read. */
  endNames(): void {
    this.namesUntil = 0
  }

  /** One capture of these kinds may begin soon. */
  grant(kinds: string[]): void {
    this.grants.push({ kinds, until: this.now() + GRANT_MS })
  }

  /** Whether cameras and microphones may be looked at: to name them, or for a capture that was granted. */
  get mayKnow(): boolean {
    return this.now() < this.namesUntil || this.current().length > 0
  }

  /** Takes the grant of exactly these kinds; false when there is none. */
  use(kinds: readonly string[]): boolean {
    const wanted = [...kinds].sort().join()
    const grant = this.current().find((candidate) => [...candidate.kinds].sort().join() === wanted)
    if (!grant) return false
    this.grants = this.grants.filter((other) => other !== grant)
    return true
  }

  private current(): Grant[] {
    this.grants = this.grants.filter(({ until }) => this.now() < until)
    return this.grants
  }
}
