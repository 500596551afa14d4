import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Nothing that we ask takes longer on a server that lives. */
const ANSWER_MS = 3000

/** What the server says about itself when a program joins. */
export interface X11Setup {
  /** First identifier that this program may give to something of its own. */
  idBase: number
  root: number
  rootVisual: number
  width: number
  height: number
}

/**
 * The few words of the X11 core protocol that are needed to ask a display how large it is and what is on it; requests
 * are built by the caller (X Window System Protocol, X Version 11, appendix B; little endian).
 */
export class X11Connection {
  private received = Buffer.alloc(0)
  private setupDone = false
  private failure: Error | null = null
  private waiting: { resolve: (reply: Buffer) => void; reject: (error: Error) => void }[] = []

  private constructor(
    private readonly socket: Socket,
    private readonly onSetup: (setup: X11Setup | Error) => void,
  ) {
    socket.on('data', (chunk: Buffer) => this.take(chunk))
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(new Error('the display has closed the connection')))
    socket.setTimeout(ANSWER_MS, () => this.fail(new Error('the display does not answer')))
  }

  /**
   * Joins a display.
   * @param display as the variable DISPLAY has it, e.g. `:0`, `:1.0`, `host:10`
   * @throws Error in the server's words
   */
  static async open(
    display: string,
    authority = process.env['XAUTHORITY'] ?? join(homedir(), '.Xauthority'),
  ): Promise<{ x11: X11Connection; setup: X11Setup }> {
    const name = /^(?:unix\/?)?(.*):(\d+)(?:\.\d+)?$/.exec(display)
    if (!name) throw new Error(`"${display}" is no X display`)
    const number = name[2]!
    const cookie = findCookie(await readFile(authority).catch(() => Buffer.alloc(0)), number)
    const socket =
      name[1] === '' ? connect(`/tmp/.X11-unix/X${number}`) : connect({ host: name[1]!, port: 6000 + Number(number) })
    let x11!: X11Connection
    const setup = await new Promise<X11Setup | Error>((resolve) => {
      x11 = new X11Connection(socket, resolve)
      socket.write(hello(cookie))
    })
    if (setup instanceof Error) {
      socket.destroy()
      throw setup
    }
    return { x11, setup }
  }

  /** Sends a request that is answered; rejects when the server refuses it. One at a time. */
  request(bytes: Buffer): Promise<Buffer> {
    if (this.failure) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.socket.write(bytes)
    })
  }

  /** Sends a request that has no answer. */
  send(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** Asks nothing, only for an answer: what was sent before has been done then (GetInputFocus). */
  async sync(): Promise<void> {
    await this.request(words([43, 0], 1))
  }

  close(): void {
    this.socket.destroy()
  }

  private fail(error: Error): void {
    this.failure ??= error
    this.onSetup(this.failure)
    for (const { reject } of this.waiting.splice(0)) reject(this.failure)
    this.socket.destroy()
  }

  private take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk])
    if (!this.setupDone && !this.takeSetup()) return
    while (this.received.length >= 32) {
      const kind = this.received[0]
      const length = kind === 1 ? 32 + this.received.readUInt32LE(4) * 4 : 32
      if (this.received.length < length) return
      const message = this.received.subarray(0, length)
      this.received = this.received.subarray(length)
      // 0 is an error, 1 an answer, everything else an event that nobody asked for.
      if (kind === 1) this.waiting.shift()?.resolve(message)
      else if (kind === 0) this.waiting.shift()?.reject(new Error(`the display refused a request (${message[1]})`))
    }
  }

  private takeSetup(): boolean {
    const { received } = this
    if (received.length < 8 || received.length < 8 + received.readUInt16LE(6) * 4) return false
    this.setupDone = true
    this.socket.setTimeout(0)
    const reason = received.toString('latin1', 8, 8 + received[1]!)
    if (received[0] !== 1) this.fail(new Error(reason.trim() || 'the display asks for more than we know'))
    else this.onSetup(parseSetup(received))
    this.received = received.subarray(8 + received.readUInt16LE(6) * 4)
    return true
  }
}

/** A request: two bytes, the length in units of four bytes, then words of 32 bits. */
export function words([opcode, data]: [number, number], length: number, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 + values.length * 4)
  bytes.writeUInt8(opcode, 0)
  bytes.writeUInt8(data, 1)
  bytes.writeUInt16LE(length, 2)
  values.forEach((value, index) => bytes.writeUInt32LE(value >>> 0, 4 + index * 4))
  return bytes
}

/** Bytes filled up to a multiple of four. */
export function padded(text: Buffer): Buffer {
  return Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4)])
}

function hello(cookie: Buffer | null): Buffer {
  const name = Buffer.from(cookie ? 'MIT-MAGIC-COOKIE-1' : '')
  const data = cookie ?? Buffer.alloc(0)
  const head = Buffer.alloc(12)
  head.write('l', 0, 'latin1')
  head.writeUInt16LE(11, 2)
  head.writeUInt16LE(name.length, 6)
  head.writeUInt16LE(data.length, 8)
  return Buffer.concat([head, padded(name), padded(data)])
}

function parseSetup(bytes: Buffer): X11Setup {
  const vendor = bytes.readUInt16LE(24)
  const screen = 40 + Math.ceil(vendor / 4) * 4 + bytes.readUInt8(29) * 8
  return {
    idBase: bytes.readUInt32LE(12),
    root: bytes.readUInt32LE(screen),
    width: bytes.readUInt16LE(screen + 20),
    height: bytes.readUInt16LE(screen + 22),
    rootVisual: bytes.readUInt32LE(screen + 32),
  }
}

/** The cookie of a display in an Xauthority file (Xau(3)); null when there is none. */
function findCookie(file: Buffer, display: string): Buffer | null {
  let at = 2
  const field = (): Buffer => {
    const length = file.readUInt16BE(at)
    at += 2 + length
    return file.subarray(at - length, at)
  }
  try {
    while (at < file.length) {
      field() // the address: a cookie of another host is refused by the server, and then there is none
      const number = field().toString('latin1')
      const name = field().toString('latin1')
      const data = field()
      if (name === 'MIT-MAGIC-COOKIE-1' && (number === display || number === '')) return data
      at += 2
    }
  } catch {
    // A file that ends in the middle of an entry.
  }
  return null
}
