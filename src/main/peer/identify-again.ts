import type { Identify } from '@libp2p/identify'
import type { Libp2p, PeerId } from '@libp2p/interface'

const LOOK_MS = 2_000
/** A peer that does not speak the protocol by then is another kind of program. */
const TRIES = 4
const MOST_REMEMBERED = 1_000

/**
 * libp2p identifies a connection once, when it opens. What failed then, as on a computer that was too busy for the five
 * seconds it gives, stays unknown as long as the connection lasts: the peer is heard and never listened to. This asks
 * again, after 2, 4, 8 and 16 seconds.
 */
export class IdentifyAgain {
  readonly #tries = new Map<string, { count: number; next: number }>()
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly libp2p: Libp2p<{ identify: Identify }>,
    /** What each of our nodes speaks, once it is wholly up. A node that does not speak it itself is content with any answer. */
    private readonly protocol: string,
    /** Whether gossip goes to the peer. */
    private readonly isTold: (peer: string) => boolean,
    private readonly lookMs = LOOK_MS,
  ) {
    this.#timer = setInterval(() => void this.#look(), lookMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    for (const peer of this.libp2p.getPeers()) {
      if (!(await this.#isKnown(peer))) this.#try(peer)
      else this.#tries.delete(peer.toString())
    }
  }

  async #isKnown(peer: PeerId): Promise<boolean> {
    const { protocols = [] } = (await this.libp2p.peerStore.get(peer).catch(() => null)) ?? {}
    const isAnswered = this.libp2p.getProtocols().includes(this.protocol)
      ? protocols.includes(this.protocol)
      : protocols.length > 0
    return isAnswered && this.isTold(peer.toString())
  }

  #try(peer: PeerId): void {
    const now = performance.now()
    const name = peer.toString()
    // the first time the identification of libp2p itself is still under way
    const { count, next } = this.#tries.get(name) ?? { count: 0, next: now + this.lookMs / 2 }
    const isDue = count < TRIES && now >= next
    this.#tries.delete(name) // the longest unseen comes first in a Map
    this.#tries.set(name, isDue ? { count: count + 1, next: now + this.lookMs * 2 ** count } : { count, next })
    if (this.#tries.size > MOST_REMEMBERED) this.#tries.delete(this.#tries.keys().next().value!)
    if (!isDue) return
    const connection = this.libp2p.getConnections(peer).find(({ status }) => status === 'open')
    if (connection !== undefined) this.libp2p.services.identify.identify(connection).catch(() => undefined)
  }
}
