/**
 * How the logs reach other peers. The peer room carries and judges what can be judged without the logs; the community
 * room decides. All methods may cross a port, hence the promises.
 */
export interface LogExchange {
  /** Hears of new heads on one of the 256 topics: the first byte of the account. */
  join: (topic: number) => void
  leave: (topic: number) => void
  /** Tells all who joined: the newest envelope of a log, or the proof that it forked. */
  announce: (topic: number, message: Uint8Array) => void
  /** Connected peers that joined a topic, without barred ones. */
  peers: (topic: number) => Promise<string[]>
  /** Connected peers that keep logs, without barred ones; their peer id is the key of their device. */
  neighbours: () => Promise<string[]>
  /**
   * Sends a request (`log-messages`) to a peer. Rejects with StudioError `peer-silent` when there is no answer in time,
   * `peer-flood` when it sends more than an answer may have, `peer-barred`.
   */
  ask: (peer: string, request: Uint8Array) => Promise<Uint8Array[]>
  /** The peer broke the rules: nothing more is asked of it or answered. */
  bar: (peer: string, reason: string) => void
}

/** What the exchange tells the logs. */
export interface LogExchangeHandlers {
  /** A signed envelope or a proof of a fork, by way of a neighbour. */
  onHead: (message: Uint8Array, from: string) => void
  /** Somebody has joined a topic that was joined here. */
  onPeers: (topic: number) => void
  /** Resolves to the frames of an answer, or null to end the stream. */
  onAsked: (peer: string, request: Uint8Array) => Promise<Uint8Array[] | null>
}

/** Hears of connected peers that keep logs; their peer id is the key of their device. */
export interface NeighbourHandler {
  onNeighbour: (peer: string) => void
}

/** Beside the 256 of accounts: devices that have just begun to act for one tell their neighbours here. */
export const NEWCOMERS_TOPIC = 256

/** The topic of an account, `0x...`. */
export function accountTopic(account: string): number {
  return parseInt(account.slice(2, 4), 16)
}
