import { createServer, type Server, type Socket } from 'node:net'
import { ConnectionCount } from '../connection-count'
import { socketPipe } from '../socket-pipe'
import { RtmpSession, type SessionHost } from './rtmp-session'

export const RTMP_LIMITS = {
  connections: 256,
  /** From one address. */
  connectionsEach: 32,
  /** Handshake and commands until it publishes or plays, milliseconds. */
  settleMs: 10_000,
  /** A publisher that sends nothing at all, milliseconds. */
  silentMs: 30_000,
  /** Of one publisher, over 5 s. */
  bitsPerSecond: 50_000_000,
} as const

const RATE_WINDOW_MS = 5_000

export interface RtmpServerOptions extends SessionHost {
  /** Every byte that goes to players. */
  sent: (bytes: number) => void
  limits?: Partial<Record<keyof typeof RTMP_LIMITS, number>>
}

/** Listens for publishers and players; `close` ends every connection. */
export class RtmpServer {
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private readonly limits: Record<keyof typeof RTMP_LIMITS, number>
  private readonly count: ConnectionCount

  constructor(private readonly options: RtmpServerOptions) {
    this.limits = { ...RTMP_LIMITS, ...options.limits }
    this.count = new ConnectionCount(this.limits.connections, this.limits.connectionsEach)
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket))
  }

  get netServer(): Server {
    return this.server
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  private accept(socket: Socket): void {
    socket.on('error', () => undefined) // 'close' follows
    const leave = this.count.enter(socket.remoteAddress ?? '')
    if (!leave) {
      socket.destroy()
      return
    }
    this.sockets.add(socket)
    const pipe = socketPipe(socket, socket, (bytes) => {
      if (!session.isPublishing) this.options.sent(bytes)
    })
    const session = new RtmpSession(pipe, this.options, socket.remoteAddress)
    const settle = setTimeout(() => {
      if (!session.isSettled) socket.destroy()
    }, this.limits.settleMs)
    const rate = new RateLimit(this.limits.bitsPerSecond)
    socket.on('data', (chunk) => {
      if (session.isPublishing && rate.isOver(chunk.length)) {
        this.options.log('rtmp: a publisher sends more than is allowed and is put out')
        socket.destroy()
        return
      }
      session.push(chunk)
    })
    // Players send next to nothing; a stalled one is put out by its reader.
    socket.setTimeout(this.limits.silentMs, () => {
      if (!session.isSettled || session.isPublishing) socket.destroy()
    })
    socket.on('close', () => {
      clearTimeout(settle)
      this.sockets.delete(socket)
      leave()
      session.close()
    })
  }
}

class RateLimit {
  private since = Date.now()
  private bytes = 0

  constructor(private readonly bitsPerSecond: number) {}

  isOver(bytes: number): boolean {
    const elapsed = Date.now() - this.since
    if (elapsed > RATE_WINDOW_MS) {
      this.since += elapsed
      this.bytes = 0
    }
    this.bytes += bytes
    return this.bytes * 8 > (this.bitsPerSecond * RATE_WINDOW_MS) / 1000
  }
}
