import { multiaddr } from '@multiformats/multiaddr'
import { StudioError } from '@shared/errors'
import { PUBLIC_NETWORK_OFF, type PublicNetworkSettings, type PublicNetworkState } from '@shared/network/public-network'
import type { PublicNetworkOptions } from './public/public-parts'

const LOOK_EACH_MS = 1_000

export interface NetworkSwitchParts {
  /** Figures of the running node; null when it is in no public network. */
  figures: () => { nodes: number; announced: number; toAnnounce: number } | null
  /** Something that a restart of the node would cut. */
  busy: () => boolean
  /** Stops the node and starts it anew, in order. */
  restart: (options: PublicNetworkOptions | null) => Promise<void>
  tell: (state: PublicNetworkState) => void
}

/**
 * The switch of the public network. libp2p takes its parts only at its start, so the node is restarted: at once when nothing is
 * going on, else when live, watching and transfers are over.
 */
export class NetworkSwitch {
  #wanted = PUBLIC_NETWORK_OFF
  #applied = PUBLIC_NETWORK_OFF
  #switching: Promise<void> | null = null
  #failure = ''
  #told = ''
  readonly #timer: NodeJS.Timeout

  constructor(private readonly parts: NetworkSwitchParts) {
    this.#timer = setInterval(() => this.#look(), LOOK_EACH_MS)
  }

  /** What the node was started with. */
  started(settings: PublicNetworkSettings): void {
    this.#wanted = settings
    this.#applied = settings
  }

  get state(): PublicNetworkState {
    const figures = this.parts.figures() ?? { nodes: 0, announced: 0, toAnnounce: 0 }
    return { wanted: this.#wanted, state: this.#word(figures.nodes), message: this.#failure, ...figures }
  }

  /** Throws StudioError `bad-multiaddr` for an entry point that cannot be read; nothing changes then. */
  set(wanted: PublicNetworkSettings): void {
    for (const text of wanted.bootstrap) {
      try {
        multiaddr(text)
      } catch {
        throw new StudioError(
          'bad-multiaddr',
          `"${text}" is no entry point. It looks like /ip4/203.0.113.5/tcp/4001/p2p/12D3Koo…; copy it from the other computer.`,
        )
      }
    }
    this.#wanted = wanted
    this.#failure = ''
    this.#look()
  }

  /** Resolves when no restart is under way. */
  async settled(): Promise<void> {
    await this.#switching
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#switching
  }

  get #isDue(): boolean {
    return JSON.stringify(networkOptions(this.#wanted)) !== JSON.stringify(networkOptions(this.#applied))
  }

  #word(nodes: number): PublicNetworkState['state'] {
    if (this.#switching !== null) return 'switching'
    if (this.#failure !== '') return 'failed'
    if (this.#isDue) return 'waiting'
    if (!this.#applied.enabled) return 'off'
    return nodes === 0 ? 'joining' : 'on'
  }

  #look(): void {
    if (this.#isDue && this.#switching === null && this.#failure === '' && !this.parts.busy()) {
      this.#switching = this.#apply(this.#wanted).finally(() => {
        this.#switching = null
        this.#look() // it may have been switched again meanwhile
      })
    }
    const text = JSON.stringify(this.state)
    if (text === this.#told) return
    this.#told = text
    this.parts.tell(this.state)
  }

  async #apply(wanted: PublicNetworkSettings): Promise<void> {
    try {
      await this.parts.restart(networkOptions(wanted))
      this.#applied = wanted
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error)
      // better a node that strangers cannot find than none
      await this.parts.restart(null).catch(() => undefined)
      this.#applied = PUBLIC_NETWORK_OFF
    }
  }
}

/** Entry points of one's own mean a network of one's own. */
export function networkOptions({ enabled, bootstrap }: PublicNetworkSettings): PublicNetworkOptions | null {
  if (!enabled) return null
  return { bootstrap: bootstrap.length === 0 ? null : bootstrap }
}
