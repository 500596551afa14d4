import { StudioError } from '@shared/errors'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import { portPair } from '@shared/rpc/port-pair'
import { connect, serve, type ServiceClient } from '@shared/rpc/rpc'

interface Member {
  joined: Set<string>
  online: boolean
  emit: ReturnType<typeof serve<ExchangeService>>
  waiting: Map<number, (frames: Uint8Array[] | null) => void>
}

/** The exchange between peers without sockets: who is online reaches everybody who is. */
export class ExchangeHub {
  readonly #members = new Map<string, Member>()
  #lastId = 0

  /** The line of one peer. */
  member(peer: string): ServiceClient<ExchangeService> {
    const [near, far] = portPair()
    const joined = new Set<string>()
    const waiting: Member['waiting'] = new Map()
    const emit = serve<ExchangeService>(far, {
      join: (ledger) => void joined.add(ledger),
      leave: (ledger) => void joined.delete(ledger),
      announce: ({ ledger, head }) => {
        for (const [, other] of this.#others(peer, ledger)) other.emit('head', { ledger, head })
        return undefined
      },
      peers: (ledger) => this.#others(peer, ledger).map(([name]) => name),
      ask: async ({ peer: asked, request }) => {
        const other = this.#members.get(asked)
        const frames = await new Promise<Uint8Array[] | null>((resolve) => {
          if (!other?.online || !this.#members.get(peer)!.online) {
            resolve(null)
            return
          }
          const id = ++this.#lastId
          other.waiting.set(id, resolve)
          other.emit('asked', { id, peer, request })
        })
        if (frames === null) throw new StudioError('peer-silent', 'The peer is away.')
        return frames
      },
      answer: ({ id, frames }) => {
        waiting.get(id)?.(frames)
        waiting.delete(id)
        return undefined
      },
      bar: () => undefined,
    })
    this.#members.set(peer, { joined, online: true, emit, waiting })
    return connect<ExchangeService>(near)
  }

  setOnline(peer: string, online: boolean): void {
    this.#members.get(peer)!.online = online
  }

  #others(peer: string, ledger: string): [string, Member][] {
    if (!this.#members.get(peer)!.online) return []
    return [...this.#members].filter(([name, { joined, online }]) => name !== peer && online && joined.has(ledger))
  }
}
