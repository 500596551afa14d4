import { createHash } from 'node:crypto'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { RoomName } from '@shared/community/bodies/rooms'
import { RoomReader } from '@shared/community/room-entry'
import type { RoomExchange, RoomExchangeHandlers } from '@shared/community/room-exchange'
import { RoomJudge } from '@shared/community/room-judge'
import {
  MAX_ROOM_ANSWER_BYTES,
  MAX_ROOM_FRAME_BYTES,
  MAX_ROOM_FRAMES,
  MAX_ROOM_REQUEST_BYTES,
} from '@shared/community/room-request'
import type { RoomRules } from '@shared/community/room-rules'
import { verifyEd25519 } from '../platform/ed25519'
import { FrameExchange } from './frame-exchange'
import type { GossipTopics } from './gossip-topics'

export const ROOM_PROTOCOL = '/we/room/1'

/** Rooms that are listened to at once. */
const MAX_ROOMS = 50
const MAX_FLOODERS = 1_000

/** Topic on which the talk of a room is gossiped. */
export function roomTopic(room: string): string {
  return `${ROOM_PROTOCOL}/${room}`
}

interface Entered {
  readonly judge: RoomJudge
  readonly leave: () => void
}

/** The rooms' traffic of one node: `/we/room/1` and a topic for each room. It keeps nothing but budgets. */
export class RoomTraffic implements RoomExchange {
  readonly #frames: FrameExchange
  readonly #reader = new RoomReader({
    verify: verifyEd25519,
    digest: (bytes) => createHash('sha256').update(bytes).digest(),
  })
  readonly #rooms = new Map<string, Entered>()
  readonly #flooders = new Set<string>()
  readonly #onConnect = ({ detail }: CustomEvent<PeerId>): void => {
    if (this.#flooders.has(detail.toString())) this.#hangUp(detail)
  }
  #unwatch: () => void = () => undefined

  constructor(
    private readonly libp2p: Libp2p,
    private readonly topics: GossipTopics,
    private readonly handlers: RoomExchangeHandlers,
    /** How long a peer may keep silent, ms. */
    silenceMs: number,
  ) {
    const protocol = {
      ...{ name: ROOM_PROTOCOL, maxFrameBytes: MAX_ROOM_FRAME_BYTES, maxRequestBytes: MAX_ROOM_REQUEST_BYTES },
      ...{ burst: 20, perSecond: 4, silenceMs },
    }
    this.#frames = new FrameExchange(libp2p, protocol, handlers.onAsked)
  }

  start(): Promise<void> {
    this.#unwatch = this.topics.onNewcomers((names) => {
      for (const room of this.#rooms.keys()) if (names.includes(roomTopic(room))) this.handlers.onPeers(room)
    })
    this.libp2p.addEventListener('peer:connect', this.#onConnect)
    return this.#frames.start()
  }

  async stop(): Promise<void> {
    this.#unwatch()
    this.libp2p.removeEventListener('peer:connect', this.#onConnect)
    for (const { leave } of this.#rooms.values()) leave()
    this.#rooms.clear()
    await this.#frames.stop()
  }

  enter(room: string, rules: RoomRules, trusted: readonly string[]): void {
    let entered = this.#rooms.get(room)
    if (entered === undefined) {
      if (!RoomName.safeParse(room).success || this.#rooms.size >= MAX_ROOMS) return
      const judge = new RoomJudge({
        ...{ room, rules, reader: this.#reader },
        onFlood: (peer) => this.#throwOut(peer, `it floods the room ${room}`),
      })
      const leave = this.topics.join(roomTopic(room), (message, from, isItsOwn) => {
        if (this.#frames.isBarred(from)) return 'ignore'
        const verdict = judge.judge(message, from, isItsOwn)
        if (verdict === 'accept') this.handlers.onMessage(room, message, from)
        return verdict
      })
      entered = { judge, leave }
      this.#rooms.set(room, entered)
      if (this.#peers(room).length > 0) this.handlers.onPeers(room)
    }
    entered.judge.rule(rules, trusted)
  }

  leave(room: string): void {
    this.#rooms.get(room)?.leave()
    this.#rooms.delete(room)
  }

  /** Throws EntryRefused for what is no message of this room. */
  async say(room: string, message: Uint8Array): Promise<number> {
    const entered = this.#rooms.get(room)
    if (entered === undefined) return 0
    entered.judge.own(message)
    this.topics.publish(roomTopic(room), message)
    return Promise.resolve(this.#peers(room).length)
  }

  peers(room: string): Promise<string[]> {
    return Promise.resolve(this.#peers(room))
  }

  ask(peer: string, request: Uint8Array): Promise<Uint8Array[]> {
    return this.#frames.ask(peer, request, MAX_ROOM_FRAMES, MAX_ROOM_ANSWER_BYTES)
  }

  bar(peer: string, reason: string): void {
    if (this.#frames.isBarred(peer)) return
    this.#frames.bar(peer, reason)
    this.topics.shun(peer)
  }

  /** Even what is not looked at costs time while the connection stands. */
  #throwOut(peer: string, reason: string): void {
    if (this.#flooders.has(peer)) return
    this.#flooders.add(peer)
    if (this.#flooders.size > MAX_FLOODERS) this.#flooders.delete(this.#flooders.values().next().value!)
    this.bar(peer, reason)
    this.#hangUp(peerIdFromString(peer))
  }

  /** At once: a connection that is closed in order is read until its streams have ended. */
  #hangUp(peer: PeerId): void {
    for (const connection of this.libp2p.getConnections(peer)) connection.abort(new Error('it floods'))
  }

  /** Gossipsub still lists who is gone when libp2p tells that it is. */
  #peers(room: string): string[] {
    const connected = new Set(this.libp2p.getPeers().map(String))
    return this.topics
      .subscribers(roomTopic(room))
      .filter((peer) => connected.has(peer) && !this.#frames.isBarred(peer))
  }
}
