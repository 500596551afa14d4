import type { ServiceClient } from '@shared/rpc/rpc'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import { RoomReader } from '@shared/community/room-entry'
import { encodeRoomAnswer, readRoomRequest } from '@shared/community/room-request'
import { StudioError } from '@shared/errors'
import { verifyEd25519 } from '../../platform/ed25519'
import { silentLog, type Log } from '../../platform/log'
import { sha256 } from '../log/open-entry'
import { Room, type RoomTell } from './room'
import type { RoomHost } from './room-host'
import { RoomLine } from './room-line'
import { RoomStore } from './room-store'
import { storedTalk } from './stored-talk'

/** Rooms that a person is in at once. */
const MOST_OPEN = 20

export interface RoomsOptions {
  /** `rooms.sqlite` of the profile; opened when the first room is. */
  path: string
  host: RoomHost
  tell: RoomTell
  log?: Log
}

/** The rooms that the person is in; and what is known of those left before, for peers that ask. */
export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #reader = new RoomReader({ verify: verifyEd25519, digest: sha256 })
  readonly #line: RoomLine
  #store: RoomStore | null = null

  constructor(private readonly options: RoomsOptions) {
    this.#line = new RoomLine({
      onMessage: (room, message, from) => this.#rooms.get(room)?.heard(message, from),
      onPeers: (room) => void this.#rooms.get(room)?.peersChanged(),
      onAsked: (_peer, request) => Promise.resolve(this.#answer(request)),
    })
  }

  /** A line to the peer engine, in place of an earlier one. */
  connect(client: ServiceClient<CommunityExchangeService>): void {
    this.#line.connect(client)
  }

  /** Joins; once more for another pane. Throws StudioError `rooms-broken`, `rooms-newer`, `rooms-many`. */
  open(room: string): Room {
    let open = this.#rooms.get(room)
    if (open === undefined) {
      if (this.#rooms.size >= MOST_OPEN) {
        throw new StudioError('rooms-many', 'You are in many rooms already. Leave one first.')
      }
      const { host, tell, log = silentLog } = this.options
      open = new Room(room, { host, tell, log, exchange: this.#line, store: this.#opened(), reader: this.#reader })
      this.#rooms.set(room, open)
    }
    open.opens++
    return open
  }

  /** Throws StudioError `room-left`. */
  get(room: string): Room {
    const open = this.#rooms.get(room)
    if (open === undefined) throw new StudioError('room-left', 'You are not in this room any more. Open it again.')
    return open
  }

  leave(room: string): void {
    const open = this.#rooms.get(room)
    if (open === undefined || --open.opens > 0) return
    this.#rooms.delete(room)
    open.close()
  }

  /** The person's own rules, names or follows have changed. */
  reconsider(): void {
    for (const room of this.#rooms.values()) room.reconsider()
  }

  close(): void {
    for (const room of this.#rooms.values()) room.close()
    this.#rooms.clear()
    this.#store?.close()
    this.#store = null
  }

  #opened(): RoomStore {
    this.#store ??= new RoomStore(this.options.path, this.options.host.now())
    return this.#store
  }

  #answer(bytes: Uint8Array): Uint8Array[] | null {
    const request = readRoomRequest(bytes)
    if (request === null) return null
    const { r: room, before, limit, lists = false } = request
    const open = this.#rooms.get(room)
    if (open !== undefined && before === null) return encodeRoomAnswer(open.answer(before, limit, lists))
    if (this.#store === null) return []
    open?.flush()
    const talk = storedTalk(this.#store, room, before ?? Number.MAX_SAFE_INTEGER, limit)
    return encodeRoomAnswer(talk.history(before, limit, this.options.host.now(), lists))
  }
}
