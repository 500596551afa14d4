import type { IceServer } from 'node-datachannel'
import { StudioError } from '@shared/errors'
import type { AccessConfig } from '@shared/media/access-unit'
import { loadRtc } from '../rtc/load-rtc'
import { RtcSender } from '../rtc/rtc-sender'
import type { PublishOptions } from '../rtmp-out/rtmp-publisher'
import { deleteSession, postOffer, unreachable } from './whip-http'

const DEFAULT_TIMEOUT_MS = 8_000

export interface WhipOptions extends PublishOptions {
  /** Whether Opus will come. */
  hasSound: boolean
  /** What the service has named when it could not be reached without. */
  iceServers?: readonly (string | IceServer)[]
}

/** The service took the offer, but no packet finds its way: its own STUN and TURN servers may help the next time. */
export class NoWay extends StudioError {
  constructor(
    { hostname }: URL,
    readonly iceServers: readonly (string | IceServer)[],
  ) {
    super(
      'destination-unreachable',
      `${hostname} took the show, but its pictures do not get there. A firewall may hold WebRTC (UDP) back: try another network, or the RTMP address of the service.`,
    )
  }
}

/** One connection that publishes by WHIP (RFC 9725); over when it breaks. */
export class WhipPublisher {
  readonly over: Promise<StudioError | null>

  /**
   * Makes an offer, hands it in and connects; resolves when the service can be sent to.
   * @throws StudioError as `postOffer`, `destination-not-webrtc`; `NoWay` when packets find no way to the service; or the
   * signal's reason
   */
  static async open(endpoint: URL, token: string, config: AccessConfig, options: WhipOptions): Promise<WhipPublisher> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, ca, hasSound, iceServers = [] } = options
    const { avcC } = config
    const sender = new RtcSender(await loadRtc(), { avcC, iceServers, ...(hasSound ? {} : { sound: null }) })
    const given = new AbortController()
    const giveUp = (): void => given.abort(signal?.reason)
    if (signal?.aborted === true) giveUp()
    signal?.addEventListener('abort', giveUp, { once: true })
    let timer = setTimeout(() => given.abort(unreachable(endpoint, 'it did not answer in time')), timeoutMs)
    let resource: URL | null = null
    try {
      const answer = await postOffer(endpoint, await sender.offer(), { token, signal: given.signal, ca })
      resource = answer.resource
      clearTimeout(timer)
      const noWay = new NoWay(endpoint, answer.iceServers)
      timer = setTimeout(() => given.abort(noWay), timeoutMs)
      sender.accept(answer.sdp)
      const aborted = new Promise<never>((_, reject) => {
        const fail = (): void => reject(given.signal.reason as Error)
        if (given.signal.aborted) fail()
        given.signal.addEventListener('abort', fail, { once: true })
      })
      const over = sender.over.then(() => Promise.reject(noWay))
      await Promise.race([sender.open, over, aborted])
      return new WhipPublisher(sender, resource, token, ca)
    } catch (error) {
      sender.close()
      if (resource) void deleteSession(resource, { token, ca })
      throw error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
    }
  }

  private constructor(
    readonly sender: RtcSender,
    private readonly resource: URL | null,
    private readonly token: string,
    private readonly ca: string | undefined,
  ) {
    this.over = sender.over
    // a service that believes the session to be alive might take no second one
    void this.over.then((error) => (error ? this.sayGoodbye() : undefined))
  }

  get queuedBytes(): number {
    return this.sender.queuedBytes
  }

  get bytesSent(): number {
    return this.sender.bytesSent
  }

  /** Says goodbye and ends. */
  async close(): Promise<void> {
    this.sender.close()
    await this.sayGoodbye()
  }

  /** Ends it; the service is told nothing that would be waited for. */
  destroy(): void {
    void this.close()
  }

  private async sayGoodbye(): Promise<void> {
    if (this.resource) await deleteSession(this.resource, { token: this.token, ca: this.ca })
  }
}
