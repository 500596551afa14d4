import { createServer, isIP, type AddressInfo, type Server, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { errorOfRequest } from './pull-error'

/** The program connects once; a second fetch may come while the first is ending. */
const MAX_CONNECTIONS = 4
const CONNECT_MS = 10_000
const RTMPS_PORT = 443

export interface TlsBridgeOptions {
  /** Certificates to trust instead of the system's; tests. */
  ca?: string
}

/**
 * [Note: Why a bridge]
 * The bundled ffmpeg takes any certificate. So it does not speak TLS for RTMPS: it connects to a door on this computer,
 * and behind it Node connects to the server, checks certificate and name, and only then passes bytes on.
 */
export class TlsBridge {
  /** Why the newest connection did not come about. */
  problem: Error | null = null
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private readonly target: URL

  /** @param url `rtmps://` */
  static async open(url: string, options: TlsBridgeOptions = {}): Promise<TlsBridge> {
    const bridge = new TlsBridge(url, options)
    await new Promise<void>((resolve, reject) => {
      bridge.server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    return bridge
  }

  private constructor(
    url: string,
    private readonly options: TlsBridgeOptions,
  ) {
    this.target = new URL(url)
    this.server = createServer((socket) => this.join(socket))
    this.server.maxConnections = MAX_CONNECTIONS
  }

  /** How ffmpeg reaches the server through the door: options and address of an input. */
  get input(): { args: string[]; url: string } {
    const { port } = this.server.address() as AddressInfo
    const { host, pathname, search } = this.target
    const app = pathname.split('/')[1] ?? ''
    // Servers tell their customers apart by the name in here.
    return {
      args: ['-rtmp_tcurl', `rtmps://${host}/${app}`],
      url: `rtmp://127.0.0.1:${port}${pathname}${search}`,
    }
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private join(near: Socket): void {
    const host = this.target.hostname.replace(/^\[|\]$/g, '')
    const port = this.target.port === '' ? RTMPS_PORT : Number(this.target.port)
    const { ca } = this.options
    const far = connect({
      ...{ host, port, timeout: CONNECT_MS },
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
    })
    for (const socket of [near, far]) {
      this.sockets.add(socket)
      socket.once('close', () => {
        this.sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('error', () => undefined)
    far.on('error', (error) => {
      this.problem = errorOfRequest(this.target.href, error)
    })
    far.once('timeout', () => far.destroy())
    far.once('secureConnect', () => {
      this.problem = null
      far.setTimeout(0)
      near.pipe(far).pipe(near)
    })
  }
}
