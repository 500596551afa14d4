import type { Libp2p } from '@libp2p/interface'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { RoomExchangeService } from '@shared/community/room-exchange'
import { StudioError } from '@shared/errors'
import type { CallHandlers, serve } from '@shared/rpc/rpc'
import type { GossipTopics } from './gossip-topics'
import { RoomTraffic } from './room-traffic'
import { WaitingAnswers } from './waiting-answers'

type Emit = ReturnType<typeof serve<CommunityExchangeService>>

/** The rooms on the line to the community engine; it outlives restarts of the node. */
export class RoomPort {
  #traffic: RoomTraffic | null = null
  readonly #waiting = new WaitingAnswers()

  /** What the other end may call. */
  readonly calls: CallHandlers<RoomExchangeService> = {
    enterRoom: ({ room, rules, trusted }) => this.#with((traffic) => traffic.enter(room, rules, trusted)),
    leaveRoom: (room) => this.#with((traffic) => traffic.leave(room)),
    sayInRoom: ({ room, message }) => this.#traffic?.say(room, message) ?? 0,
    roomPeers: (room) => this.#traffic?.peers(room) ?? [],
    askRoom: ({ peer, request }) => {
      if (this.#traffic === null) throw new StudioError('peer-silent', 'The network is still starting.')
      return this.#traffic.ask(peer, request)
    },
    answerRoom: (answer) => this.#waiting.answer(answer),
    barFromRooms: ({ peer, reason }) => this.#with((traffic) => traffic.bar(peer, reason)),
  }

  constructor(private readonly silenceMs: number) {}

  /** A node has started. */
  async attach(libp2p: Libp2p, topics: GossipTopics, emit: Emit): Promise<void> {
    const handlers = {
      onMessage: (room: string, message: Uint8Array, from: string) => emit('roomMessage', { room, message, from }),
      onPeers: (room: string) => emit('roomPeers', room),
      onAsked: (peer: string, request: Uint8Array) =>
        this.#waiting.ask((id) => emit('roomAsked', { id, peer, request })),
    }
    const traffic = new RoomTraffic(libp2p, topics, handlers, this.silenceMs)
    await traffic.start()
    this.#traffic = traffic
    emit('roomsRestarted', undefined)
  }

  async detach(): Promise<void> {
    const traffic = this.#traffic
    this.#traffic = null
    this.#waiting.end()
    await traffic?.stop()
  }

  #with(work: (traffic: RoomTraffic) => void): undefined {
    if (this.#traffic !== null) work(this.#traffic)
    return undefined
  }
}
