import type { Libp2p, PeerId } from '@libp2p/interface'
import type { MailExchange, MailExchangeHandlers } from '@shared/community/mail-exchange'
import { MAIL_AT_ONCE, MAIL_BUDGET, MAX_MAIL_ANSWER_BYTES, MAX_MAIL_FRAME_BYTES } from '@shared/community/mail-messages'
import { peerIdOfPublicKey, publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { FrameExchange } from './frame-exchange'

export const MAIL_PROTOCOL = '/we/mail/1'

/** The messages' traffic of one node: `/we/mail/1`. It keeps nothing but budgets, and knows nothing of their content. */
export class MailPeers implements MailExchange {
  readonly #frames: FrameExchange
  readonly #devices = new Set<string>()
  #topology = ''

  constructor(
    private readonly libp2p: Libp2p,
    private readonly handlers: MailExchangeHandlers,
    /** How long a peer may keep silent, ms. */
    silenceMs: number,
  ) {
    const { burst, perSecond } = MAIL_BUDGET
    const protocol = { name: MAIL_PROTOCOL, maxFrameBytes: MAX_MAIL_FRAME_BYTES, burst, perSecond, silenceMs }
    this.#frames = new FrameExchange(libp2p, protocol, (peer, request) => {
      const device = deviceOf(peer)
      return device === null ? Promise.resolve(null) : handlers.onAsked(device, request)
    })
  }

  async start(): Promise<void> {
    await this.#frames.start()
    this.#topology = await this.libp2p.register(MAIL_PROTOCOL, {
      onConnect: (peer) => this.#add(peer),
      onDisconnect: (peer) => void this.#devices.delete(deviceOf(peer.toString()) ?? ''),
    })
    // those who were connected before, as after a restart of the other engine
    for (const peer of this.libp2p.getPeers()) {
      const known = await this.libp2p.peerStore.get(peer).catch(() => null)
      if (known?.protocols.includes(MAIL_PROTOCOL) === true) this.#add(peer)
    }
  }

  async stop(): Promise<void> {
    this.libp2p.unregister(this.#topology)
    this.#devices.clear()
    await this.#frames.stop()
  }

  devices(): Promise<string[]> {
    return Promise.resolve([...this.#devices].filter((device) => !this.#frames.isBarred(peerOf(device))))
  }

  ask(device: string, request: Uint8Array): Promise<Uint8Array[]> {
    return this.#frames.ask(peerOf(device), request, MAIL_AT_ONCE, MAX_MAIL_ANSWER_BYTES)
  }

  bar(device: string, reason: string): void {
    this.#frames.bar(peerOf(device), reason)
  }

  #add(peer: PeerId): void {
    const device = deviceOf(peer.toString())
    if (device === null) return
    this.#devices.add(device)
    this.handlers.onDevice(device)
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
