import { randomBytes } from 'node:crypto'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { StudioError } from '@shared/errors'
import { certificateWords } from '../certificate-words'
import { BadAmf, decodeAmf0, encodeAmf0, type AmfObject, type AmfValue } from '../rtmp/amf0'
import { BadRtmp, ChunkReader, type InMessage } from '../rtmp/chunk-reader'
import { MESSAGE, writeMessage } from '../rtmp/chunk-writer'
import type { RtmpAddress } from './rtmp-address'

const VERSION = 3
const HANDSHAKE_BYTES = 1536
/** What OBS and librtmp send with: few headers, and sound never waits long behind a key picture. */
const CHUNK_SIZE = 4096
const WINDOW_BYTES = 2_500_000
const PING_REQUEST = 6
const PING_RESPONSE = 7
const CONTROL_STREAM = 2
const COMMAND_STREAM = 3
const AUDIO_STREAM = 4
const VIDEO_STREAM = 6
const DEFAULT_TIMEOUT_MS = 8_000

export interface PublishOptions {
  /** Gives up when it takes longer, milliseconds. */
  timeoutMs?: number
  /** Gives up at once. */
  signal?: AbortSignal
  /** Certificates to trust besides the system's; tests. */
  ca?: string
}

/**
 * [Note: Why our own RTMP client]
 * A program for each destination would show the stream key to everybody on the machine (its arguments are public), would
 * tell a wrong key and a broken line by the same words, and would leave it to its own buffers what is dropped when the
 * line is slow. Publishing needs a handshake, four commands and chunks (RTMP 1.0, 5 and 7); the rest of RTMP is not here.
 *
 * One connection that publishes; over when it breaks.
 */
export class RtmpPublisher {
  /** Resolves when the connection is over: with what went wrong, null after `close`. */
  readonly over: Promise<StudioError | null>
  private readonly socket: Socket
  private readonly reader = new ChunkReader((message) => this.onMessage(message))
  private readonly answers = new Map<number, (result: { ok: boolean; values: AmfValue[] }) => void>()
  private onStatus: ((code: string, description: string) => void) | null = null
  private handshake: Buffer | null = Buffer.alloc(0)
  private shaken!: () => void
  private finish!: (error: StudioError | null) => void
  private isOver = false
  private transaction = 0
  private streamId = 0
  private received = 0
  private acknowledged = 0
  private windowBytes = WINDOW_BYTES

  /**
   * Connects, greets and asks to publish; resolves when the server takes the show.
   * @throws StudioError `destination-unreachable`, `destination-not-trusted` (RTMPS: its certificate), `destination-refused` (the server said no: most often the key),
   * `destination-lost`; or the signal's reason
   */
  static async open(address: RtmpAddress, key: string, options: PublishOptions = {}): Promise<RtmpPublisher> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, ca } = options
    signal?.throwIfAborted()
    const publisher = new RtmpPublisher(address, ca)
    let giveUp!: (reason: unknown) => void
    const given = new Promise<never>((_, reject) => (giveUp = reject))
    given.catch(() => undefined)
    const timer = setTimeout(() => giveUp(unreachable(address, 'it did not answer in time')), timeoutMs)
    const onAbort = (): void => giveUp(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    // a service that knows the key no better than to hang up
    void publisher.over.then((error) => giveUp(publisher.streamId > 0 ? refused('') : (error ?? lost())))
    try {
      await Promise.race([publisher.publish(address, key), given])
      return publisher
    } catch (error) {
      publisher.destroy()
      throw error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  private constructor(address: RtmpAddress, ca: string | undefined) {
    this.over = new Promise((resolve) => (this.finish = resolve))
    const { host, port, secure } = address
    this.socket = secure
      ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) })
      : connectTcp({ host, port })
    this.socket.setNoDelay(true)
    let why: StudioError | null = null
    let isConnected = false
    this.socket.once(secure ? 'secureConnect' : 'connect', () => (isConnected = true))
    this.socket.on('error', (error) => (why ??= isConnected ? lost() : notReached(address, error)))
    this.socket.on('close', () => this.end(why ?? lost()))
    this.socket.on('data', (bytes: Buffer) => {
      try {
        this.take(bytes)
      } catch (error) {
        if (!(error instanceof BadRtmp || error instanceof BadAmf)) throw error
        why = new StudioError(
          'destination-not-rtmp',
          'The server does not speak RTMP here. Check the address and its port.',
          { cause: error },
        )
        this.socket.destroy()
      }
    })
  }

  /** Bytes that wait in this computer because the line is slower than the show. */
  get queuedBytes(): number {
    return this.socket.writableLength
  }

  /** Bytes that were handed to the system's network so far. */
  get bytesSent(): number {
    return this.socket.bytesWritten - this.socket.writableLength
  }

  /**
   * Sends the body of an FLV tag.
   * @param type `MESSAGE.picture` or `MESSAGE.sound`
   * @param time milliseconds since the start of this publishing
   */
  send(type: number, time: number, body: readonly Uint8Array[]): void {
    this.write(type === MESSAGE.sound ? AUDIO_STREAM : VIDEO_STREAM, type, body, time, this.streamId)
  }

  /** What the show is, for the service's own figures (`onMetaData` of the FLV specification). */
  sendMetadata(fields: Record<string, number | string | boolean>): void {
    const body = encodeAmf0('@setDataFrame', 'onMetaData', fields)
    this.write(AUDIO_STREAM, MESSAGE.data, [body], 0, this.streamId)
  }

  /** Says goodbye; the service ends the show at once instead of waiting for us to come back. */
  async close(key: string): Promise<void> {
    if (!this.isOver && this.streamId > 0) {
      this.command('FCUnpublish', ++this.transaction, null, key)
      this.command('deleteStream', ++this.transaction, null, this.streamId)
    }
    const timer = setTimeout(() => this.socket.destroy(), 500)
    this.end(null)
    await new Promise<void>((resolve) => this.socket.end(resolve))
    clearTimeout(timer)
    this.socket.destroy()
  }

  /** Ends it without a word. */
  destroy(): void {
    this.end(null)
    this.socket.destroy()
  }

  private async publish(address: RtmpAddress, key: string): Promise<void> {
    const shaken = new Promise<void>((resolve) => (this.shaken = resolve))
    // C0 and C1; the simple handshake, which every server takes from a publisher
    const c1 = Buffer.concat([Buffer.alloc(8), randomBytes(HANDSHAKE_BYTES - 8)])
    this.socket.write(Buffer.concat([Buffer.of(VERSION), c1]))
    await shaken
    const size = Buffer.alloc(4)
    size.writeUInt32BE(CHUNK_SIZE)
    this.write(CONTROL_STREAM, MESSAGE.setChunkSize, [size])
    const { app, tcUrl } = address
    await this.ask('connect', {
      ...{ app, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; WE Studio)', swfUrl: tcUrl, tcUrl },
    })
    this.command('releaseStream', ++this.transaction, null, key)
    this.command('FCPublish', ++this.transaction, null, key)
    const created = await this.ask('createStream', null)
    const id = created[1]
    if (typeof id !== 'number' || !(id > 0 && id < 2 ** 32)) throw refused('it opened no stream')
    this.streamId = id
    await new Promise<void>((resolve, reject) => {
      this.onStatus = (code, description) => {
        if (code === 'NetStream.Publish.Start') resolve()
        else reject(refused(description || code))
      }
      this.command('publish', ++this.transaction, null, key, 'live')
    })
    // from now on a status that is an error ends the publishing
    this.onStatus = (code, description) => {
      if (!/BadName|Failed|Rejected|Denied|Unpublish|Closed/i.test(code)) return
      this.end(refused(description || code))
      this.socket.destroy()
    }
  }

  /** Sends a command and waits for its answer. */
  private ask(name: string, argument: AmfValue): Promise<AmfValue[]> {
    const transaction = ++this.transaction
    return new Promise((resolve, reject) => {
      this.answers.set(transaction, ({ ok, values }) => {
        if (ok) resolve(values)
        else reject(refused(statusText(values)))
      })
      this.command(name, transaction, argument)
    })
  }

  private command(...values: AmfValue[]): void {
    const streamId = values[0] === 'publish' ? this.streamId : 0
    this.write(COMMAND_STREAM, MESSAGE.command, [encodeAmf0(...values)], 0, streamId)
  }

  private write(chunkStream: number, type: number, body: readonly Uint8Array[], time = 0, stream = 0): void {
    if (this.isOver) return
    this.socket.write(writeMessage({ chunkStream, type, stream, time, body }, CHUNK_SIZE))
  }

  private take(bytes: Buffer): void {
    this.received += bytes.length
    let rest = bytes
    if (this.handshake) {
      const all = Buffer.concat([this.handshake, bytes])
      if (all.length > 0 && all[0] !== VERSION) throw new BadRtmp(`handshake of version ${all[0] ?? 0}`)
      if (all.length < 1 + 2 * HANDSHAKE_BYTES) {
        this.handshake = all
        return
      }
      this.handshake = null
      this.socket.write(all.subarray(1, 1 + HANDSHAKE_BYTES)) // C2 repeats S1
      this.shaken()
      rest = all.subarray(1 + 2 * HANDSHAKE_BYTES)
    }
    this.reader.push(rest)
    if (this.received - this.acknowledged < this.windowBytes / 2) return
    this.acknowledged = this.received
    this.control(MESSAGE.acknowledgement, this.received >>> 0)
  }

  private onMessage({ type, body }: InMessage): void {
    if (type === MESSAGE.command || type === MESSAGE.commandAmf3) {
      // AMF3 commands begin with a byte that says "AMF0 follows"
      this.onCommand(decodeAmf0(type === MESSAGE.command ? body : body.subarray(1)))
    } else if (type === MESSAGE.windowSize && body.length >= 4) {
      this.windowBytes = Math.max(1024, body.readUInt32BE())
    } else if (type === MESSAGE.peerBandwidth && body.length >= 4) {
      this.control(MESSAGE.windowSize, body.readUInt32BE())
    } else if (type === MESSAGE.userControl && body.length >= 6 && body.readUInt16BE() === PING_REQUEST) {
      const pong = Buffer.from(body.subarray(0, 6))
      pong.writeUInt16BE(PING_RESPONSE)
      this.write(CONTROL_STREAM, MESSAGE.userControl, [pong])
    }
  }

  private onCommand([name, transaction, ...values]: AmfValue[]): void {
    if (name === '_result' || name === '_error') {
      const answer = this.answers.get(Number(transaction))
      this.answers.delete(Number(transaction))
      answer?.({ ok: name === '_result', values })
    } else if (name === 'onStatus') {
      const { code } = fieldsOf(values[1])
      this.onStatus?.(typeof code === 'string' ? code : '', statusText(values))
    } else if (name === 'close') this.socket.destroy()
  }

  private control(type: number, value: number): void {
    const body = Buffer.alloc(4)
    body.writeUInt32BE(value)
    this.write(CONTROL_STREAM, type, [body])
  }

  private end(error: StudioError | null): void {
    if (this.isOver) return
    this.isOver = true
    this.finish(error)
  }
}

function fieldsOf(value: AmfValue): AmfObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function statusText(values: AmfValue[]): string {
  for (const value of values) {
    const { description, code } = fieldsOf(value)
    const text = typeof description === 'string' && description !== '' ? description : code
    if (typeof text === 'string') return text.slice(0, 200)
  }
  return ''
}

function refused(said: string): StudioError {
  const words = said === '' ? '' : ` It said: “${said}”.`
  return new StudioError(
    'destination-refused',
    `The service does not take the show.${words} Check the stream key, and that the service allows you to go live.`,
  )
}

function unreachable({ host }: RtmpAddress, why: string): StudioError {
  return new StudioError(
    'destination-unreachable',
    `${host} cannot be reached: ${why}. Check the address and your internet connection.`,
  )
}

function lost(): StudioError {
  return new StudioError('destination-lost', 'The connection to the service broke.')
}

function notReached(address: RtmpAddress, error: Error): StudioError {
  const why = certificateWords(error)
  if (why === null) return unreachable(address, plainReason(error))
  return new StudioError(
    'destination-not-trusted',
    `${address.host} is not to be trusted: ${why}. Nothing was sent, and your stream key neither. Check the address; if it is right, the service must repair its server.`,
    { cause: error },
  )
}

function plainReason(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such server'
  if (code === 'ECONNREFUSED') return 'nothing answers at this port'
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'the network does not get there'
  return code ?? error.message
}
