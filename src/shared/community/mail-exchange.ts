/**
 * How private messages reach other devices. The peer room carries bytes and proves who they come from; the community
 * room decides. Devices are named by their keys (0x hex of 32 bytes), which are also the identities of their nodes, so
 * that a connection proves whose it is. All methods may cross a port, hence the promises.
 */
export interface MailExchange {
  /** Devices of connected peers that carry messages, without barred ones. */
  devices: () => Promise<string[]>
  /**
   * Sends a request (`mail-messages`) to a device, and connects to it when need be. Rejects with StudioError
   * `peer-silent` when there is no answer in time, `peer-flood` when it sends more than an answer may have, `peer-barred`.
   */
  ask: (device: string, request: Uint8Array) => Promise<Uint8Array[]>
  /** The device broke the rules: nothing more is asked of it or answered. */
  bar: (device: string, reason: string) => void
}

/** What the exchange tells. */
export interface MailExchangeHandlers {
  /** A device that carries messages is connected. */
  onDevice: (device: string) => void
  /** Resolves to the frames of an answer, or null to end the stream. */
  onAsked: (device: string, request: Uint8Array) => Promise<Uint8Array[] | null>
}
