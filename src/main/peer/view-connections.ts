import type { ByeReason } from './live-frame'
import type { LiveSwarm } from './live-swarm'

const CONNECT_EACH_MS = 1_000
/** Other viewers that one seeks by itself; more may come to it. In a mesh its members say whom else they need. */
const PARTNERS_SOUGHT = 6
const PARTNERS_IN_MESH = 2
/** When to try a peer again that closed with this reason. */
const AGAIN_AFTER_MS: Record<ByeReason, number> = {
  full: 10_000,
  'unknown-show': 4_000,
  ended: 4_000,
  closing: 2_000,
  duplicate: 1_000,
  refused: Infinity,
  'other-version': Infinity,
}
const AGAIN_AFTER_DROP_MS = 500
const REMEMBERED_PEERS = 1_000

export interface ConnectionSources {
  broadcaster: string
  /** Dials the addresses the person gave; resolves with the peer ids reached. Never throws. */
  dialGiven: (signal: AbortSignal) => Promise<string[]>
  /** Dials addresses another peer told, under the rules of the profile; resolves with the peer ids reached. */
  dialTold: (addresses: string[], signal: AbortSignal) => Promise<string[]>
  /** Peers known to watch the show. */
  watching: () => string[]
  /** The mesh carries the show, or may soon. */
  meshed: () => boolean
}

/** Keeps a viewer connected: to the broadcaster, to a few other viewers, again after a loss, not too often. */
export class ViewConnections {
  readonly #swarm: LiveSwarm
  readonly #sources: ConnectionSources
  readonly #signal: AbortSignal
  readonly #notBefore = new Map<string, number>()
  /** Told peers that are being dialled. */
  #dialling = 0

  /** Works until the signal is aborted. */
  constructor(swarm: LiveSwarm, sources: ConnectionSources, signal: AbortSignal) {
    this.#swarm = swarm
    this.#sources = sources
    this.#signal = signal
    const timer = setInterval(() => this.connect(), CONNECT_EACH_MS)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
    void this.#dialGiven()
    this.connect()
  }

  /** Looks whom to connect to now. */
  connect(): void {
    if (this.#signal.aborted) return
    const { broadcaster, watching } = this.#sources
    this.#connectTo(broadcaster)
    const strangers = watching().filter((id) => id !== broadcaster && this.#swarm.member(id) === undefined)
    for (const peerId of strangers.slice(0, this.#partnersMissing())) this.#connectTo(peerId)
  }

  /** A peer told who else watches. */
  async meet(addresses: string[]): Promise<void> {
    if (this.#signal.aborted) return
    const strangers = new Map<string, string[]>()
    for (const address of addresses) {
      const peerId = address.slice(address.lastIndexOf('/') + 1)
      if (this.#swarm.member(peerId) === undefined) strangers.set(peerId, [...(strangers.get(peerId) ?? []), address])
    }
    const chosen = [...strangers.values()].sort(() => Math.random() - 0.5).slice(0, this.#partnersMissing())
    if (chosen.length === 0) return
    this.#dialling += chosen.length
    try {
      for (const peerId of await this.#sources.dialTold(chosen.flat(), this.#signal)) this.#connectTo(peerId)
    } finally {
      this.#dialling -= chosen.length
    }
  }

  /** A stream closed; `bye` is what the peer said. */
  noteGone(peerId: string, bye: ByeReason | null): void {
    const wait = bye === null ? AGAIN_AFTER_DROP_MS : AGAIN_AFTER_MS[bye]
    this.#notBefore.delete(peerId) // to the end of the map's order
    this.#notBefore.set(peerId, Date.now() + wait)
    const oldest = this.#notBefore.keys().next()
    if (this.#notBefore.size > REMEMBERED_PEERS && !oldest.done) this.#notBefore.delete(oldest.value)
  }

  #partnersMissing(): number {
    const sought = this.#swarm.members().filter(({ role, link }) => role === 'viewer' && link.outbound).length
    return Math.max(0, (this.#sources.meshed() ? PARTNERS_IN_MESH : PARTNERS_SOUGHT) - sought - this.#dialling)
  }

  #connectTo(peerId: string): void {
    if ((this.#notBefore.get(peerId) ?? 0) <= Date.now()) void this.#swarm.connect(peerId)
  }

  /** The peers the person gave are tried until the show is reached, whoever they are: they may know others. */
  async #dialGiven(): Promise<void> {
    while (!this.#signal.aborted && this.#swarm.members().length === 0) {
      for (const peerId of await this.#sources.dialGiven(this.#signal)) this.#connectTo(peerId)
      this.connect()
      await new Promise((resolve) => setTimeout(resolve, CONNECT_EACH_MS))
    }
  }
}
