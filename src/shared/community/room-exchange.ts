import type { RoomRules } from './room-rules'

/**
 * How rooms reach other peers. The peer room carries, and refuses what breaks a room's rules before it is passed on; the
 * community room knows the rules. All methods may cross a port, hence the promises.
 */
export interface RoomExchange {
  /**
   * Listens to a room and passes on what is said in it, or changes by which rules.
   * @param trusted accounts whom the person here follows: they are heard before strangers
   */
  enter: (room: string, rules: RoomRules, trusted: readonly string[]) => void
  leave: (room: string) => void
  /** Tells all who listen (`room-message`, at most MAX_TALK_BYTES). Resolves to how many connected peers listen. */
  say: (room: string, message: Uint8Array) => Promise<number>
  /** Connected peers that listen, without barred ones. */
  peers: (room: string) => Promise<string[]>
  /** Sends a request (`room-request`) to a peer. Rejects as `LogExchange.ask`. */
  ask: (peer: string, request: Uint8Array) => Promise<Uint8Array[]>
  /** The peer broke the rules: nothing more is asked of it or answered. */
  bar: (peer: string, reason: string) => void
}

/** What the exchange tells the rooms. */
export interface RoomExchangeHandlers {
  /** A message that the judge has let pass, by way of a neighbour. */
  onMessage: (room: string, message: Uint8Array, from: string) => void
  /** Somebody began to listen to a room that was entered here, or ceased to. */
  onPeers: (room: string) => void
  /** Resolves to the frames of an answer, or null to end the stream. */
  onAsked: (peer: string, request: Uint8Array) => Promise<Uint8Array[] | null>
}

/** `RoomExchange` over the port that also carries the logs (`LogExchangeService`), by names of its own. */
export interface RoomExchangeService {
  calls: {
    enterRoom: { input: { room: string; rules: RoomRules; trusted: readonly string[] }; output: undefined }
    leaveRoom: { input: string; output: undefined }
    sayInRoom: { input: { room: string; message: Uint8Array }; output: number }
    roomPeers: { input: string; output: string[] }
    /** Rejects with StudioError `peer-silent`, `peer-flood` or `peer-barred`. */
    askRoom: { input: { peer: string; request: Uint8Array }; output: Uint8Array[] }
    /** Answers `roomAsked`; null ends the stream without an answer. */
    answerRoom: { input: { id: number; frames: Uint8Array[] | null }; output: undefined }
    barFromRooms: { input: { peer: string; reason: string }; output: undefined }
  }
  events: {
    roomMessage: { room: string; message: Uint8Array; from: string }
    roomPeers: string
    roomAsked: { id: number; peer: string; request: Uint8Array }
    /** The node was started (again): enter anew. */
    roomsRestarted: undefined
  }
}
