/**
 * `LogExchange` over a port: calls of the community engine to the peer engine, and what that tells. The one has no
 * sockets, the other no logs. Without a running node asking fails, the rest does nothing until `restarted`.
 */
export interface LogExchangeService {
  calls: {
    join: { input: number; output: undefined }
    leave: { input: number; output: undefined }
    announce: { input: { topic: number; message: Uint8Array }; output: undefined }
    peers: { input: number; output: string[] }
    /** Connected peers that keep logs. */
    neighbours: { input: undefined; output: string[] }
    /** Rejects with StudioError `peer-silent`, `peer-flood` or `peer-barred`. */
    ask: { input: { peer: string; request: Uint8Array }; output: Uint8Array[] }
    /** Answers `asked`; null ends the stream without an answer. */
    answer: { input: { id: number; frames: Uint8Array[] | null }; output: undefined }
    bar: { input: { peer: string; reason: string }; output: undefined }
  }
  events: {
    head: { message: Uint8Array; from: string }
    /** A peer that keeps logs is connected. */
    neighbour: string
    /** Somebody joined a topic. */
    peers: number
    asked: { id: number; peer: string; request: Uint8Array }
    /** The node was started (again): join anew. */
    restarted: undefined
  }
}
