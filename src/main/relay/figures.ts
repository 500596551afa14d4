/** Ways in which a live leaves the relay. */
export const PROTOCOLS = ['rtmp', 'flv', 'mp4', 'hls', 'whep', 'we'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** A player that asks for pieces counts as a reader until it has asked for nothing for this long, milliseconds. */
const ASKING_MS = 8_000
const MAX_ASKING = 10_000

/** Counts who reads which live, and how many bytes went out by each protocol. */
export class ReaderFigures {
  readonly bytesOut: Record<Protocol, number> = { rtmp: 0, flv: 0, mp4: 0, hls: 0, whep: 0, we: 0 }
  private readonly connected = new Map<string, Record<Protocol, number>>()
  /** `NAME who` to when it last asked. */
  private readonly asking = new Map<string, number>()

  /** A reader with a connection of its own; returns how to count it out. */
  enter(name: string, protocol: Protocol): () => void {
    const counts = this.connected.get(name) ?? { rtmp: 0, flv: 0, mp4: 0, hls: 0, whep: 0, we: 0 }
    this.connected.set(name, counts)
    counts[protocol]++
    let inside = true
    return () => {
      if (inside) counts[protocol]--
      inside = false
      if (PROTOCOLS.every((one) => counts[one] === 0)) this.connected.delete(name)
    }
  }

  /** A player of HLS, told from others by `who`, has asked for something. */
  asked(name: string, who: string): void {
    const key = `${name} ${who}`
    this.asking.delete(key) // so that the oldest stays first
    this.asking.set(key, Date.now())
    const [oldest] = this.asking.keys()
    if (this.asking.size > MAX_ASKING && oldest !== undefined) this.asking.delete(oldest)
  }

  readers(name: string): Record<Protocol, number> {
    const now = Date.now()
    for (const [key, at] of this.asking) {
      if (now - at < ASKING_MS) break
      this.asking.delete(key)
    }
    let hls = 0
    for (const key of this.asking.keys()) if (key.startsWith(`${name} `)) hls++
    return { ...(this.connected.get(name) ?? { rtmp: 0, flv: 0, mp4: 0, whep: 0, we: 0 }), hls }
  }
}
