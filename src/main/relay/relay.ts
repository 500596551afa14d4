import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { StudioError } from '@shared/errors'
import type { RelayIntake } from '@shared/media/relay-intake'
import type { RelayFigures } from '@shared/engines/relay-service'
import { ReaderFigures } from './figures'
import { RelayHttp, type HTTP_LIMITS } from './http/relay-http'
import { describeLives } from './http/describe-live'
import { Ladder } from './ladder'
import { LiveRecorder } from './live-recorder'
import { RTMP_WIRE } from './live-reader'
import { RelayHub, type Live } from './relay-hub'
import { FULL_WORDS, ReaderRoom } from './reader-room'
import type { RelayParts } from './relay-parts'
import { RtmpServer, type RTMP_LIMITS } from './rtmp/rtmp-server'
import type { StreamKeys } from './stream-keys'
import { RelayedShows } from './shows/relayed-shows'
import { WhipDesk } from './whip-in/whip-desk'
import { WhepDesk } from './whep/whep-desk'
import { unitIntake } from './unit-intake'

export interface RelayOptions {
  /** Address to listen at; 127.0.0.1 is this computer only. */
  host: string
  /** 0: any free one. */
  rtmpPort: number
  httpPort: number
  keys: StreamKeys
  /** Web pages that may read lives by script, besides our own; `*` for every page. */
  origins?: readonly string[]
  rtmpLimits?: Partial<Record<keyof typeof RTMP_LIMITS, number>>
  httpLimits?: Partial<Record<keyof typeof HTTP_LIMITS, number>>
  /** Whose reading takes nothing of the owner's line; this computer's. */
  isFreeReader?: (address: string) => boolean
  /** How long a live waits for its publisher to come back, milliseconds. */
  graceMs?: number
}

/**
 * The relay: RTMP in (OBS, ffmpeg, any encoder) or units from our own broadcaster; RTMP, HTTP-FLV, MP4, HLS and
 * low-latency HLS out, and a page on which any browser can watch. [Note: Own RTMP] node-media-server, which the
 * product names as an option, was read and not taken: before any key is checked its parser keeps up to 65,535 chunk
 * streams of up to 16 MB each and throws out of the socket's handler for a bad `tcUrl`, its writers know no
 * back-pressure, its state is one module-wide object, and it ends the process when a port is taken.
 */
export class Relay {
  readonly hub: RelayHub
  /** Who may read, where the owner has set a limit. */
  readonly room: ReaderRoom
  private roomKbps: number | null = null
  private readonly figures_ = new ReaderFigures()
  private readonly rtmp: RtmpServer
  private readonly http: RelayHttp
  private readonly whep: WhepDesk
  private readonly whip: WhipDesk
  /** Keys of our own broadcaster by the name of its show. */
  private readonly showKeys = new Map<string, string>()
  private readonly recorders = new Map<Live, LiveRecorder>()
  private readonly ladders = new Map<Live, Ladder>()
  private readonly closing = new Set<Promise<void>>()
  private bytesIn = 0
  private closed: Promise<void> | null = null

  private constructor(
    private readonly options: RelayOptions,
    private readonly parts: RelayParts,
  ) {
    const { graceMs, origins = [], rtmpLimits, httpLimits } = options
    const { figures_: figures } = this
    this.room = new ReaderRoom(undefined, options.isFreeReader)
    this.hub = new RelayHub({
      ...(graceMs === undefined ? {} : { graceMs }),
      onLive: (live) => this.begun(live),
      onOver: (live) => this.over(live),
    })
    this.rtmp = new RtmpServer({
      publish: (key, putOut) => this.publish(key, putOut),
      play: (name, pipe, address) => {
        const live = this.find(name)
        const out = this.room.enter(
          address,
          () => live.stream.bytesPerSecond,
          () => pipe.close(FULL_WORDS),
        )
        if (out === null) throw new StudioError('relay-full', FULL_WORDS)
        const leave = figures.enter(live.sourceName ?? name, 'rtmp')
        const { stop } = live.stream.read(RTMP_WIRE, pipe)
        return () => {
          stop()
          leave()
          out()
        }
      },
      sent: (bytes) => {
        figures.bytesOut.rtmp += bytes
      },
      log: parts.log,
      ...(rtmpLimits ? { limits: rtmpLimits } : {}),
    })
    this.whep = new WhepDesk(figures, this.room, parts.soundFfmpeg)
    this.whip = new WhipDesk({
      publish: (key, putOut) => this.publish(key, putOut),
      ...{ ffmpeg: parts.soundFfmpeg, log: parts.log },
    })
    this.http = new RelayHttp({
      hub: this.hub,
      figures,
      room: this.room,
      access: { origins, loopbackOnly: this.isLocal },
      shows: new RelayedShows((name, key) => this.opens(name, key), figures, this.room, parts.log),
      ...{ whep: this.whep, whip: this.whip },
      ...(httpLimits ? { limits: httpLimits } : {}),
    })
  }

  /** @throws StudioError `port-taken`, `no-such-address`, `no-listening` */
  static async start(options: RelayOptions, parts: RelayParts): Promise<Relay> {
    const relay = new Relay(options, parts)
    try {
      await listen(relay.rtmp.netServer, options.rtmpPort, options.host)
      await listen(relay.http.server, options.httpPort, options.host)
    } catch (error) {
      await relay.close()
      throw error
    }
    return relay
  }

  /** Whether only this computer can reach it. */
  get isLocal(): boolean {
    return ['127.0.0.1', '::1', 'localhost'].includes(this.options.host)
  }

  get rtmpPort(): number {
    return portOf(this.rtmp.netServer)
  }

  get httpPort(): number {
    return portOf(this.http.server)
  }

  get figures(): RelayFigures {
    const { figures_: figures, hub } = this
    const running = hub.lives.reduce((sum, { stream }) => sum + stream.bytesIn, 0)
    return {
      lives: describeLives(hub, figures).map(({ name, title, sending, startedAt, qualities }) => ({
        name,
        title,
        sending,
        startedAt,
        bitsPerSecond: qualities[0]?.bitsPerSecond ?? 0,
        readers: figures.readers(name),
      })),
      bytesIn: this.bytesIn + running,
      bytesOut: { ...figures.bytesOut },
      ...{ takenKbps: this.room.takenKbps, roomKbps: this.roomKbps, refused: this.room.refused },
    }
  }

  /**
   * For a broadcaster of our own: no key, no RTMP, and no recording, which it makes itself.
   * @throws StudioError `already-live`
   */
  intake(name: string, title: string): RelayIntake {
    const publication = this.hub.publish(name, { title, isOwn: true }, () => undefined)
    return unitIntake(publication, () => this.hub.end(name))
  }

  /** What readers on other computers may take together, kilobits a second; null: no limit. Who finds no room is refused. */
  setRoom(kbps: number | null): void {
    this.roomKbps = kbps
    this.room.kbps = kbps
  }

  /** A key with which our own broadcaster hands on its show under this name; the one before stops working. */
  showKey(name: string): string {
    const key = randomBytes(24).toString('base64url')
    this.showKeys.clear() // there is one of our own at a time
    this.showKeys.set(name, key)
    return key
  }

  /** Ends lives in order (recordings are closed), then every connection. Safe to call twice. */
  close(): Promise<void> {
    this.closed ??= (async () => {
      this.hub.close()
      this.whep.sessions.close()
      this.whip.sessions.close()
      await Promise.all([this.rtmp.close(), this.http.close(), ...this.closing])
    })()
    return this.closed
  }

  private publish(key: string, putOut: (why: string) => void): ReturnType<RelayHub['publish']> {
    const name = this.options.keys.nameOf(key)
    if (name === null) {
      throw new StudioError('wrong-key', 'This stream key is not known here. Copy it again, or make a new one.')
    }
    return this.hub.publish(name, {}, putOut)
  }

  private opens(name: string, key: string): boolean {
    const own = Buffer.from(this.showKeys.get(name) ?? '')
    const given = Buffer.from(key)
    const isOwn = own.length > 0 && own.length === given.length && timingSafeEqual(own, given)
    return isOwn || this.options.keys.nameOf(key) === name
  }

  private find(name: string): Live {
    const live = this.hub.find(name)
    if (live) return live
    throw new StudioError('no-such-live', 'There is no live of this name here at the moment.')
  }

  private begun(live: Live): void {
    const { record, ffmpeg, log } = this.parts
    const { name } = live.stream
    if (live.sourceName !== null) return
    log(`${name} is live`)
    if (record && !live.isOwn) {
      const recorder = new LiveRecorder(() => record(name), log)
      this.recorders.set(live, recorder)
      live.stream.follow(recorder)
    }
    if (ffmpeg) this.ladders.set(live, new Ladder(this.hub, live, ffmpeg, log))
  }

  private over(live: Live): void {
    this.bytesIn += live.stream.bytesIn
    if (live.sourceName === null) this.parts.log(`${live.stream.name} is over`)
    const ends = [this.recorders.get(live), this.ladders.get(live)].map(async (one) => {
      if (one instanceof LiveRecorder) await one.finish()
      else await one?.close()
    })
    this.recorders.delete(live)
    this.ladders.delete(live)
    const end = Promise.all(ends).then(() => void this.closing.delete(end))
    this.closing.add(end)
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE') {
      throw new StudioError('port-taken', `Port ${port} is in use by another program. Choose another one.`)
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StudioError('no-such-address', `This computer has no address ${host}.`)
    }
    if (code === 'EACCES') {
      throw new StudioError('no-listening', `Port ${port} is reserved by the system. Choose one above 1024.`)
    }
    throw error
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0
}
