/**
 * `MailExchange` over a port: calls of the community engine to the peer engine, and what that tells. The one has no
 * sockets, the other no keys of messages. Without a running node asking fails, the rest does nothing.
 */
export interface MailExchangeService {
  calls: {
    devices: { input: undefined; output: string[] }
    /** Rejects with StudioError `peer-silent`, `peer-flood` or `peer-barred`. */
    ask: { input: { device: string; request: Uint8Array }; output: Uint8Array[] }
    /** Answers `asked`; null ends the stream without an answer. */
    answer: { input: { id: number; frames: Uint8Array[] | null }; output: undefined }
    bar: { input: { device: string; reason: string }; output: undefined }
  }
  events: {
    /** A device that carries messages is connected. */
    device: string
    asked: { id: number; device: string; request: Uint8Array }
  }
}
