import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { encodeAmf0 } from '../../src/main/relay/rtmp/amf0'
import { writeMessage } from '../../src/main/relay/rtmp/chunk-writer'

const AVCC = Buffer.from(
  '0164001fffe100196764001facd9405005bb016a02020280000003008000001e478c18cb01000568ebe3cb22c0',
  'hex',
)
const CHUNK = 60_000
const GROUP = 30

/**
 * A publisher without an encoder: every picture is noise whose last 8 bytes are the time at which it was sent, so that
 * whoever gets it knows how long it was on its way.
 */
export class RtmpPublisher {
  private count = 0
  private timer: NodeJS.Timeout | null = null

  private constructor(
    private readonly socket: Socket,
    private readonly bytes: number,
  ) {}

  /** @param bitsPerSecond at 30 pictures a second */
  static async start(port: number, key: string, bitsPerSecond: number): Promise<RtmpPublisher> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    socket.resume()
    socket.on('error', () => undefined)
    const hello = Buffer.alloc(1537, 1)
    hello[0] = 3
    hello.fill(0, 1, 9)
    socket.write(hello)
    await wait(100)
    socket.write(Buffer.alloc(1536, 1))
    const command = (stream: number, ...values: Parameters<typeof encodeAmf0>): Buffer =>
      writeMessage({ chunkStream: 3, type: 20, stream, time: 0, body: [encodeAmf0(...values)] }, 128)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(CHUNK)
    socket.write(command(0, 'connect', 1, { app: 'live', tcUrl: `rtmp://127.0.0.1:${port}/live` }))
    await wait(100)
    socket.write(command(0, 'createStream', 2, null))
    await wait(100)
    socket.write(command(1, 'publish', 3, null, key, 'live'))
    socket.write(writeMessage({ chunkStream: 2, type: 1, stream: 0, time: 0, body: [size] }, 128))
    await wait(100)
    const publisher = new RtmpPublisher(socket, Math.round(bitsPerSecond / 8 / 30))
    publisher.send(Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), AVCC]), 0)
    const began = performance.now()
    publisher.timer = setInterval(() => {
      while (publisher.count * 33.333 < performance.now() - began) publisher.picture()
    }, 4)
    return publisher
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer)
    this.socket.destroy()
  }

  private picture(): void {
    const key = this.count % GROUP === 0
    const body = Buffer.alloc(5 + this.bytes, 0x5a)
    Buffer.of(key ? 0x17 : 0x27, 1, 0, 0, 0).copy(body)
    body.writeUInt32BE(this.bytes - 4, 5)
    body[9] = key ? 0x65 : 0x41
    body.writeDoubleBE(performance.timeOrigin + performance.now(), body.length - 8)
    this.send(body, Math.round(this.count++ * 33.333))
  }

  private send(body: Buffer, time: number): void {
    this.socket.write(writeMessage({ chunkStream: 5, type: 9, stream: 1, time, body: [body] }, CHUNK))
  }
}

/** How long the picture that ends these bytes was on its way, milliseconds. */
export function ageOf(bytes: Buffer): number {
  return performance.timeOrigin + performance.now() - bytes.readDoubleBE(bytes.length - 8)
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
