import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import type { RoomExchange, RoomExchangeHandlers, RoomExchangeService } from '@shared/community/room-exchange'
import type { RoomRules } from '@shared/community/room-rules'
import type { ServiceClient } from '@shared/rpc/rpc'

/**
 * The rooms' end of the line to the peer engine. What was entered is entered again after a restart of the node, and on a
 * new line.
 */
export class RoomLine implements RoomExchange {
  readonly #entered = new Map<string, { rules: RoomRules; trusted: readonly string[] }>()
  #client: ServiceClient<CommunityExchangeService> | null = null

  constructor(private readonly handlers: RoomExchangeHandlers) {}

  /** A line, in place of an earlier one. */
  connect(client: ServiceClient<CommunityExchangeService>): void {
    this.#client = client
    client.on('roomMessage', ({ room, message, from }) => this.handlers.onMessage(room, message, from))
    client.on('roomPeers', (room) => this.handlers.onPeers(room))
    client.on('roomAsked', ({ id, peer, request }) => {
      void this.handlers.onAsked(peer, request).then(
        (frames) => this.#tell('answerRoom', { id, frames }),
        () => this.#tell('answerRoom', { id, frames: null }),
      )
    })
    client.on('roomsRestarted', () => this.#enterAll())
    this.#enterAll()
  }

  enter(room: string, rules: RoomRules, trusted: readonly string[]): void {
    this.#entered.set(room, { rules, trusted })
    this.#tell('enterRoom', { room, rules, trusted })
  }

  leave(room: string): void {
    this.#entered.delete(room)
    this.#tell('leaveRoom', room)
  }

  async say(room: string, message: Uint8Array): Promise<number> {
    return (await this.#client?.call('sayInRoom', { room, message })) ?? 0
  }

  async peers(room: string): Promise<string[]> {
    return (await this.#client?.call('roomPeers', room)) ?? []
  }

  async ask(peer: string, request: Uint8Array): Promise<Uint8Array[]> {
    return (await this.#client?.call('askRoom', { peer, request })) ?? []
  }

  bar(peer: string, reason: string): void {
    this.#tell('barFromRooms', { peer, reason })
  }

  #enterAll(): void {
    for (const [room, { rules, trusted }] of this.#entered) this.#tell('enterRoom', { room, rules, trusted })
  }

  /** A line that broke is told of elsewhere; the next one enters again. */
  #tell<C extends keyof RoomExchangeService['calls']>(
    name: C,
    input: CommunityExchangeService['calls'][C]['input'],
  ): void {
    this.#client?.call(name, input).catch(() => undefined)
  }
}
