import type { Libp2p, PeerId } from '@libp2p/interface'

/**
 * Connected peers that speak a protocol, as far as this node knows: libp2p tells it of them when it has identified them,
 * and a peer that uses the protocol itself needs no other proof (`heard`).
 */
export class ProtocolPeers {
  readonly #peers = new Set<string>()
  readonly #forget = ({ detail }: CustomEvent<PeerId>): void => void this.#peers.delete(detail.toString())
  #topology = ''

  constructor(
    private readonly libp2p: Libp2p,
    private readonly protocol: string,
    /** Hears of each once, as long as it is connected. */
    private readonly onMet: (peer: string) => void,
  ) {}

  async start(): Promise<void> {
    this.libp2p.addEventListener('peer:disconnect', this.#forget)
    this.#topology = await this.libp2p.register(this.protocol, { onConnect: (peer) => this.heard(peer.toString()) })
    // those who were connected before, as after a restart of the other engine
    for (const peer of this.libp2p.getPeers()) {
      const known = await this.libp2p.peerStore.get(peer).catch(() => null)
      if (known?.protocols.includes(this.protocol) === true) this.heard(peer.toString())
    }
  }

  stop(): void {
    this.libp2p.removeEventListener('peer:disconnect', this.#forget)
    this.libp2p.unregister(this.#topology)
    this.#peers.clear()
  }

  /** The peer speaks it. */
  heard(peer: string): void {
    if (this.#peers.has(peer) || !this.libp2p.getPeers().some((one) => one.toString() === peer)) return
    this.#peers.add(peer)
    this.onMet(peer)
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.#peers.values()
  }
}
