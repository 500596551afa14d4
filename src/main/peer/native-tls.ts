import { X509Certificate } from 'node:crypto'
import { Socket } from 'node:net'
import { connect, createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import { serviceCapabilities, type ConnectionEncrypter, type PrivateKey } from '@libp2p/interface'
import type {
  ComponentLogger,
  MessageStream,
  SecureConnectionOptions,
  SecuredConnection,
  StreamMuxerFactory,
  Upgrader,
} from '@libp2p/interface'
import { tls } from '@libp2p/tls'
import { generateCertificate, toMessageStream, verifyPeerCertificate } from '@libp2p/tls/utils'
import type { Uint8ArrayList } from 'uint8arraylist'
import { readInPlace } from './read-in-place'

interface Components {
  privateKey: PrivateKey
  upgrader: Upgrader
  logger: ComponentLogger
}

/** What a TCP connection of libp2p is made of. */
interface TcpConnection extends MessageStream {
  socket: Socket
  readBuffer: Uint8ArrayList
}

/** What carries the plain bytes; `sendData` is what libp2p calls to write. */
interface PlainConnection extends MessageStream {
  sendData: (data: Uint8ArrayList) => { sentBytes: number; canSendMore: boolean }
  onData: (data: Uint8Array) => void
  /** Set by who wants bytes that are only there during the call. */
  takeLent?: (piece: Uint8Array) => void
}

/** ALPN of the specification where the muxer is negotiated later. */
const LATER = 'libp2p'
const VERSION = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const
const IDLE_MS = 120_000
const HANDSHAKE_MS = 10_000

/**
 * TLS 1.3 of libp2p (https://github.com/libp2p/specs/blob/master/tls/tls.md) in the runtime's own code, right on the TCP socket.
 * [Note: Why TLS before noise] Noise is ChaCha20-Poly1305. Electron's BoringSSL does not offer that cipher to Node, so
 * @libp2p/noise falls back to WebAssembly there: 61 MiB/s, against 589 for AES-GCM; and the library's own TLS goes through
 * a JavaScript stream. Whoever does not speak TLS is spoken to in noise; connections that are not TCP take the library's TLS.
 */
export function nativeTls(): (components: Components) => ConnectionEncrypter {
  return (components) => new NativeTls(components)
}

class NativeTls implements ConnectionEncrypter {
  readonly protocol = '/tls/1.0.0'
  readonly [Symbol.toStringTag] = 'native-tls'
  readonly [serviceCapabilities] = ['@libp2p/connection-encryption']
  readonly #library: ConnectionEncrypter
  /** One for the life of the node: it names the peer, which is the same to all, and each takes 100 KB and its keys to be read. */
  readonly #context: Promise<SecureContext>

  constructor(private readonly components: Components) {
    this.#library = tls()(components)
    const certificate = generateCertificate(components.privateKey)
    this.#context = certificate.then((own) => createSecureContext({ ...own, ...VERSION }))
    // made, and looked at as those of others will be, before anybody waits for it: the first connection would take 20 ms longer
    Promise.all([
      this.#context,
      certificate.then(({ cert }) => verifyPeerCertificate(new X509Certificate(cert).raw)),
    ]).catch(
      () => undefined, // told to who connects
    )
  }

  secureInbound(connection: MessageStream, options?: SecureConnectionOptions): Promise<SecuredConnection> {
    return isTcp(connection)
      ? this.#secure(connection, true, options)
      : this.#library.secureInbound(connection, options)
  }

  secureOutbound(connection: MessageStream, options?: SecureConnectionOptions): Promise<SecuredConnection> {
    return isTcp(connection)
      ? this.#secure(connection, false, options)
      : this.#library.secureOutbound(connection, options)
  }

  async #secure(
    connection: TcpConnection,
    isServer: boolean,
    options: SecureConnectionOptions | undefined,
  ): Promise<SecuredConnection> {
    const secureContext = await this.#context
    const muxers =
      options?.skipStreamMuxerNegotiation === true
        ? new Map<string, StreamMuxerFactory>()
        : this.components.upgrader.getStreamMuxers()
    const common = { secureContext, ...VERSION, rejectUnauthorized: false }
    const offered = [...muxers.keys(), LATER]
    takeOver(connection)
    const socket = isServer
      ? new TLSSocket(connection.socket, {
          ...common,
          isServer: true,
          requestCert: true,
          ALPNCallback: ({ protocols }) => protocols.find((one) => offered.includes(one)),
        })
      : connect({ ...common, socket: connection.socket, ALPNProtocols: offered })
    socket.on('error', (error: Error) => connection.abort(error))
    socket.setTimeout(IDLE_MS, () => socket.destroy(new Error('nothing was heard for long')))
    try {
      await handshake(socket, isServer, options?.signal)
      const { raw } = socket.getPeerCertificate() as { raw?: Uint8Array }
      if (raw === undefined) throw new Error('the peer showed no certificate')
      const remotePeer = await verifyPeerCertificate(raw, options?.remotePeer, connection.log)
      const chosen = socket.alpnProtocol
      const streamMuxer = typeof chosen === 'string' ? muxers.get(chosen) : undefined
      if (typeof chosen === 'string' && chosen !== LATER && streamMuxer === undefined) {
        throw new Error(`no muxer ${chosen}`)
      }
      const plain = toMessageStream(connection, socket) as unknown as PlainConnection
      join(plain, socket)
      readInPlace(socket, (piece) => {
        if (plain.takeLent) plain.takeLent(piece)
        else plain.onData(piece.slice())
      })
      return { remotePeer, connection: plain, ...(streamMuxer ? { streamMuxer } : {}) }
    } catch (error) {
      socket.destroy()
      connection.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }
}

function isTcp(connection: MessageStream): connection is TcpConnection {
  return 'socket' in connection && connection.socket instanceof Socket && 'readBuffer' in connection
}

/** From here on the socket's bytes go to TLS, also those that came with the negotiation before. */
function takeOver({ socket, readBuffer }: TcpConnection): void {
  socket.removeAllListeners('data')
  socket.pause()
  socket.setTimeout(0) // it sees nothing of what goes through TLS
  if (readBuffer.byteLength === 0) return
  const early = readBuffer.slice()
  readBuffer.consume(early.length)
  socket.unshift(early)
}

function handshake(socket: TLSSocket, isServer: boolean, signal: AbortSignal | undefined): Promise<void> {
  const done = isServer ? 'secure' : 'secureConnect'
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      clearTimeout(timer)
      socket.off(done, succeed)
      socket.off('error', end)
      socket.off('close', closed)
      signal?.removeEventListener('abort', aborted)
      if (error === undefined) resolve()
      else reject(error)
    }
    const succeed = (): void => end()
    const closed = (): void => end(new Error('closed during the handshake'))
    const aborted = (): void => end(new Error('the handshake was given up'))
    const timer = setTimeout(aborted, HANDSHAKE_MS)
    socket.on(done, succeed)
    socket.on('error', end)
    socket.on('close', closed)
    signal?.addEventListener('abort', aborted, { once: true })
    if (signal?.aborted === true) aborted()
  })
}

/** What is written in one turn leaves as one: heads and data of many frames would each be a system call and a packet. */
function join(plain: PlainConnection, socket: Socket): void {
  const send = plain.sendData.bind(plain)
  let isCorked = false
  plain.sendData = (data) => {
    if (!isCorked) {
      isCorked = true
      socket.cork()
      process.nextTick(() => {
        isCorked = false
        socket.uncork()
      })
    }
    return send(data)
  }
}
