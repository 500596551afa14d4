/**
 * How the ledger engine reaches other peers: calls to the peer engine over a port that main made, so that the one has no
 * sockets and the other no blocks. Ledgers are named by their genesis hash, 64 lower-case hexadecimal digits.
 */
export interface ExchangeService {
  calls: {
    /** Hears of new heads of a ledger, and lets others find this node as one who has it. */
    join: { input: string; output: undefined }
    leave: { input: string; output: undefined }
    /** Tells all who joined of a new head. */
    announce: { input: { ledger: string; head: Uint8Array }; output: undefined }
    /** Peer ids of those who joined a ledger and are connected, without barred ones. */
    peers: { input: string; output: string[] }
    /**
     * Sends a `LedgerRequest` to a peer. Rejects with StudioError `peer-silent` when there is no answer in time, and
     * `peer-flood` when it sends more than was asked for.
     */
    ask: { input: { peer: string; request: Uint8Array; maxFrames: number; maxBytes: number }; output: Uint8Array[] }
    /** Answers `asked`; null ends the stream without an answer. */
    answer: { input: { id: number; frames: Uint8Array[] | null }; output: undefined }
    /** The peer broke the rules: nothing more is asked of it or answered while the node runs. */
    bar: { input: { peer: string; reason: string }; output: undefined }
  }
  events: {
    /** Somebody says so: to be asked for, not to be believed. */
    head: { ledger: string; head: Uint8Array }
    asked: { id: number; peer: string; request: Uint8Array }
    /** The node was started again: join anew. */
    restarted: undefined
  }
}
