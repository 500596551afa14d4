import { connect, createServer, type Server, type Socket } from 'node:net'

const STEP_MS = 10

/** A TCP relay in front of a port that lets bytes from there through only at a given rate; the way back is free. */
export class ThrottledLine {
  /** Kilobits a second; Infinity: as fast as it goes. */
  kbps = Infinity
  /** Bytes let through. */
  carried = 0
  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
    readonly port: number,
  ) {}

  static async open(target: number): Promise<ThrottledLine> {
    const sockets = new Set<Socket>()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const line = new ThrottledLine(server, sockets, (server.address() as { port: number }).port)
    server.on('connection', (viewer) => line.join(viewer, connect(target, '127.0.0.1')))
    return line
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private join(viewer: Socket, node: Socket): void {
    const waiting: Buffer[] = []
    let credit = 0
    const timer = setInterval(() => {
      credit = Math.min(
        (this.kbps * STEP_MS) / 8 + Math.max(0, credit),
        this.kbps === Infinity ? Infinity : this.kbps * 10,
      )
      while (waiting.length > 0 && credit > 0) {
        const chunk = waiting.shift()!
        const part = chunk.subarray(0, Math.min(chunk.length, Math.ceil(credit)))
        if (part.length < chunk.length) waiting.unshift(chunk.subarray(part.length))
        credit -= part.length
        this.carried += part.length
        viewer.write(part)
      }
      // A line holds little; the rest waits in the sender.
      if (waiting.reduce((sum, { length }) => sum + length, 0) < 32_768) node.resume()
    }, STEP_MS)
    node.on('data', (chunk: Buffer) => {
      waiting.push(chunk)
      node.pause()
    })
    viewer.pipe(node)
    for (const socket of [viewer, node]) {
      this.sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearInterval(timer)
        viewer.destroy()
        node.destroy()
      })
    }
  }
}
