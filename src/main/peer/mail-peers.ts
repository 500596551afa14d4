import type { Libp2p } from '@libp2p/interface'
import type { MailExchange, MailExchangeHandlers } from '@shared/community/mail-exchange'
import { MAIL_AT_ONCE, MAIL_BUDGET, MAX_MAIL_ANSWER_BYTES, MAX_MAIL_FRAME_BYTES } from '@shared/community/mail-messages'
import { peerIdOfPublicKey, publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { FrameExchange } from './frame-exchange'
import { ProtocolPeers } from './protocol-peers'

export const MAIL_PROTOCOL = '/we/mail/1'

/** The messages' traffic of one node: `/we/mail/1`. It keeps nothing but budgets, and knows nothing of their content. */
export class MailPeers implements MailExchange {
  readonly #frames: FrameExchange
  readonly #peers: ProtocolPeers

  constructor(
    libp2p: Libp2p,
    handlers: MailExchangeHandlers,
    /** How long a peer may keep silent, ms. */
    silenceMs: number,
  ) {
    const { burst, perSecond } = MAIL_BUDGET
    const protocol = {
      ...{ name: MAIL_PROTOCOL, maxFrameBytes: MAX_MAIL_FRAME_BYTES, maxRequestBytes: MAX_MAIL_FRAME_BYTES },
      ...{ burst, perSecond, silenceMs },
    }
    this.#peers = new ProtocolPeers(libp2p, MAIL_PROTOCOL, (peer) => {
      const device = deviceOf(peer)
      if (device !== null) handlers.onDevice(device)
    })
    this.#frames = new FrameExchange(libp2p, protocol, (peer, request) => {
      this.#peers.heard(peer)
      const device = deviceOf(peer)
      return device === null ? Promise.resolve(null) : handlers.onAsked(device, request)
    })
  }

  async start(): Promise<void> {
    await this.#frames.start()
    await this.#peers.start()
  }

  async stop(): Promise<void> {
    this.#peers.stop()
    await this.#frames.stop()
  }

  devices(): Promise<string[]> {
    const peers = [...this.#peers].filter((peer) => !this.#frames.isBarred(peer))
    return Promise.resolve(peers.flatMap((peer) => deviceOf(peer) ?? []))
  }

  ask(device: string, request: Uint8Array): Promise<Uint8Array[]> {
    return this.#frames.ask(peerOf(device), request, MAIL_AT_ONCE, MAX_MAIL_ANSWER_BYTES)
  }

  bar(device: string, reason: string): void {
    this.#frames.bar(peerOf(device), reason)
  }
}

/** Null for a peer with another kind of key: none of ours. */
function deviceOf(peer: string): string | null {
  const key = publicKeyOfPeerId(peer)
  return key === null ? null : `0x${Buffer.from(key).toString('hex')}`
}

function peerOf(device: string): string {
  return peerIdOfPublicKey(Buffer.from(device.slice(2), 'hex'))
}
