import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BytePipe, ByteTaker } from './byte-pipe'

/** Bytes that come while nobody has room for them. */
const SPARE_BYTES = 65_536

/**
 * [Note: Pictures beside the heap]
 * Node reads the stdout of a child into a new buffer of 64 KB each time: 1400 buffers and 90 MB a second at 1080p, of
 * which the garbage collector is told, so that it marks and sweeps the whole heap several times a second. That cost
 * more than the copying (2-4 of 5-6 ms a frame). Only a socket that we connect ourselves can read into memory of ours
 * (`onread` of node:net), so the child gets the other end of such a socket as its stdout. The bytes go from the
 * kernel to their place in the frame.
 *
 * It is the same kind of socket that Node makes for a child's stdio on Linux and macOS, so back-pressure, the end of
 * file and a broken pipe are the same. On Windows a child does not get on with the other end (it would be an
 * overlapped pipe); there, and where no socket can be made, `StreamPipe` does it.
 */
export class DirectPipe implements BytePipe {
  readonly begun: Promise<boolean>
  /** Settles when nothing more comes; never rejects. */
  readonly ended: Promise<void>
  private readonly socket: Socket
  private readonly spare = new Uint8Array(SPARE_BYTES)
  /** What came before somebody reads. */
  private early: Uint8Array | null = null
  private taker: ByteTaker | null = null
  private paused = true
  private begin!: (hasBytes: boolean) => void

  private constructor(path: string) {
    this.begun = new Promise((resolve) => (this.begin = resolve))
    const buffer = (): Uint8Array => (this.paused ? null : this.taker?.room()) ?? this.spare
    const socket = connect({ path, onread: { buffer, callback: (count, bytes) => this.came(count, bytes) } })
    this.socket = socket
    // What matters is how the program ends.
    socket.on('error', () => undefined)
    socket.once('end', () => socket.destroy())
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()))
    void this.ended.then(() => this.begin(false))
  }

  /** A pipe and the end that a child gets as its stdout; null where there is none of this kind. */
  static async open(): Promise<{ pipe: DirectPipe; childEnd: Socket } | null> {
    if (process.platform === 'win32') return null
    let folder: string | null = null
    const server = createServer({ pauseOnConnect: true })
    try {
      // A folder that only this person may enter.
      folder = await mkdtemp(join(tmpdir(), 'we-pipe-'))
      const path = join(folder, 'p')
      server.listen(path)
      await once(server, 'listening')
      const accepted = once(server, 'connection')
      const pipe = new DirectPipe(path)
      const childEnd = await Promise.race([accepted, pipe.ended.then(() => null)])
      return childEnd && { pipe, childEnd: childEnd[0] as Socket }
    } catch {
      return null
    } finally {
      server.close()
      if (folder !== null) await rm(folder, { recursive: true, force: true })
    }
  }

  flow(taker: ByteTaker): void {
    this.taker = taker
    const { early } = this
    this.early = null
    this.resume()
    if (early) taker.take(early)
  }

  pause(): void {
    this.paused = true
    this.socket.pause()
  }

  resume(): void {
    this.paused = false
    this.socket.resume()
  }

  discard(): void {
    this.taker = null
    // Closed rather than read to its end: the kernel must not go on writing into a frame that somebody else has.
    this.socket.destroy()
  }

  /** Returns whether to go on reading. */
  private came(count: number, bytes: Uint8Array): boolean {
    const { taker } = this
    if (!taker) {
      this.early = bytes.subarray(0, count)
      this.begin(true)
      return false
    }
    if (bytes === this.spare) taker.take(bytes.subarray(0, count))
    else taker.filled(count)
    return !this.paused
  }
}
