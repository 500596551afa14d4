import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { contentIdOf } from '@shared/gifts/gift-chain'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import { CID } from 'multiformats/cid'
import type { GossipTopics } from './gossip-topics'
import { giftTopic, joinGifts, RoomGifts, tabTopic } from './room-gifts'
import { askHistory, GIFTS_PROTOCOL, serveHistory } from './room-gifts-history'

/** A gift line whose form, chain and signature hold. */
export interface GiftRoomEvents {
  onLine: (bytes: Uint8Array) => void
  /** Of other rooms on the same bank; only asked for by who takes gifts. */
  onTab?: (bytes: Uint8Array) => void
}

interface Joined {
  room: RoomGifts
  tabs: RoomGifts | null
  terms: GiftTerms
  leave: () => void
}

/** Peers asked for what was before; the first two that have something are enough. */
const MAX_ASKED = 6
const ENOUGH = 2
/** When to look again for peers of the room that can be asked, milliseconds after joining. */
const ASK_AT_MS = [0, 400, 1_500, 4_000]
const OPEN_TIMEOUT_MS = 3_000
const STREAMS_PER_PEER = 4

/** The gift rooms of this node: of the show it sends and of those it watches. */
export class RoomGiftsHub {
  readonly #rooms = new Map<string, Joined>()

  constructor(
    private readonly libp2p: Libp2p,
    private readonly topics: GossipTopics,
  ) {}

  async start(): Promise<void> {
    await this.libp2p.handle(
      GIFTS_PROTOCOL,
      (stream) => serveHistory(stream, (showCid) => this.#rooms.get(showCid)?.room.lines ?? []),
      { maxInboundStreams: STREAMS_PER_PEER, maxOutboundStreams: STREAMS_PER_PEER },
    )
  }

  /** Joins the gifts of a show, and asks peers for those before. A room that is joined already is left as it is. */
  join(showCid: string, terms: GiftTerms, { onLine, onTab }: GiftRoomEvents): void {
    if (this.#rooms.has(showCid)) return
    const contentId = contentIdOf(CID.parse(showCid))
    const room = new RoomGifts({ terms, only: { contentId }, onLine })
    const leaveRoom = joinGifts(this.topics, giftTopic(showCid), room)
    const tabs = onTab === undefined ? null : new RoomGifts({ terms, only: null, onLine: onTab })
    const leaveTabs = tabs === null ? null : joinGifts(this.topics, tabTopic(terms), tabs)
    const timers = ASK_AT_MS.map((ms) => setTimeout(() => void this.#ask(showCid), ms))
    const leave = (): void => {
      for (const timer of timers) clearTimeout(timer)
      leaveRoom()
      leaveTabs?.()
    }
    this.#rooms.set(showCid, { room, tabs, terms, leave })
  }

  leave(showCid: string): void {
    this.#rooms.get(showCid)?.leave()
    this.#rooms.delete(showCid)
  }

  /** Gives a line of this node to the room. Throws GiftLineRefused; false: the room is not joined. */
  send(showCid: string, bytes: Uint8Array): boolean {
    const joined = this.#rooms.get(showCid)
    if (joined === undefined) return false
    joined.room.own(bytes)
    this.topics.publish(giftTopic(showCid), bytes)
    return true
  }

  /** Tells the other creators on the same bank of a tab that was taken here. */
  tellTab(showCid: string, bytes: Uint8Array): void {
    const joined = this.#rooms.get(showCid)
    if (joined) this.topics.publish(tabTopic(joined.terms), bytes)
  }

  stop(): void {
    for (const showCid of [...this.#rooms.keys()]) this.leave(showCid)
  }

  readonly #answered = new Map<string, Set<string>>()

  async #ask(showCid: string): Promise<void> {
    const answered = this.#answered.get(showCid) ?? new Set<string>()
    this.#answered.set(showCid, answered)
    for (const peerId of this.topics.subscribers(giftTopic(showCid)).slice(0, MAX_ASKED)) {
      if (answered.size >= ENOUGH) return
      if (answered.has(peerId)) continue
      try {
        const stream = await this.libp2p.dialProtocol(peerIdFromString(peerId), GIFTS_PROTOCOL, {
          signal: AbortSignal.timeout(OPEN_TIMEOUT_MS),
          maxOutboundStreams: STREAMS_PER_PEER,
        })
        const lines = await askHistory(stream, showCid)
        const room = this.#rooms.get(showCid)?.room
        if (room === undefined) return
        for (const line of lines) if (room.judge(line, peerId, false) === 'reject') break
        answered.add(peerId)
      } catch {
        // away: another one, or the next time
      }
    }
  }
}
