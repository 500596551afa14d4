import type { Stream } from '@libp2p/interface'
import { LinkUplink, type LinkUplinkFigures } from './link-uplink'
import { encodeFrame, FrameFault, FrameReader, MAX_BLOCK_DATA, type ByeReason, type LiveFrame } from './live-frame'

/** Control frames that wait for a slow peer; a full window of records is about 25 KiB. */
const MAX_CONTROL_QUEUE_BYTES = 128 * 1024
/** Blocks that wait to be sent to one peer; more WANTs are answered NO. */
export const MAX_BLOCKS_QUEUED = 8
const FLUSH_POLL_MS = 20
/** A peer that takes nothing of what waits for so long is cut: what it asked for would outlive the window. */
const STALLED_MS = 20_000

interface QueuedBlock {
  id: number
  bytes: Uint8Array
  offset: number
}

export interface LiveLinkHandlers {
  onFrame: (frame: LiveFrame) => void
  /** Once, whatever ended the stream; `fault` when the peer broke the protocol. */
  onClose: (fault: FrameFault | null) => void
}

/**
 * One `/we/live/1` stream: whole frames in both directions. Control frames go before block data, blocks one after the
 * other, and nothing is handed to the stream while it asks for a drain: what waits is bounded here, per peer.
 */
export class LiveLink {
  readonly peerId: string
  readonly outbound: boolean
  readonly openedAt = Date.now()
  /** Bytes of blocks sent to this peer. */
  bytesServed = 0

  readonly #stream: Stream
  readonly #reader = new FrameReader()
  readonly #control: Uint8Array[] = []
  #controlBytes = 0
  readonly #blocks: QueuedBlock[] = []
  readonly #uplink = new LinkUplink()
  #handlers: LiveLinkHandlers | null = null
  #early: LiveFrame[] = []
  #closed = false
  #fault: FrameFault | null = null

  #pace: (bytes: number) => number = () => 0
  #paceTimer: NodeJS.Timeout | undefined
  #impatience: NodeJS.Timeout | undefined

  constructor(stream: Stream, peerId: string) {
    this.peerId = peerId
    this.outbound = stream.direction === 'outbound'
    this.#stream = stream
    stream.addEventListener('message', ({ data }) => this.#read(data.subarray()))
    // its own event, not onDrain(): that promise is made once and stays resolved (@libp2p/utils abstract-message-stream)
    stream.addEventListener('drain', () => {
      clearTimeout(this.#impatience)
      this.#impatience = undefined
      this.#pump()
    })
    stream.addEventListener('remoteCloseWrite', () => this.close())
    stream.addEventListener('close', () => this.#finish())
  }

  /** @param pace asked before each frame of a block: how long it has to wait, milliseconds; at 0 it goes */
  set pace(pace: (bytes: number) => number) {
    this.#pace = pace
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Blocks being sent or waiting. */
  get blocksQueued(): number {
    return this.#blocks.length
  }

  /** The next control frame announces a segment with these blocks. */
  announced(cids: readonly string[]): void {
    this.#uplink.announced(cids, performance.now(), this.bytesServed)
  }

  /** The peer gets the show otherwise: it will not ask for what was announced. */
  forgetAnnounced(): void {
    this.#uplink.forget()
  }

  /** The peer asked for this block. */
  wanted(cid: string): void {
    this.#uplink.wanted(cid, performance.now())
  }

  /** What this link carries; null when the peer gets nothing from here. */
  uplinkFigures(now: number, publishedKbps: number): LinkUplinkFigures | null {
    const unsent = this.#blocks.reduce((sum, { bytes, offset }) => sum + bytes.length - offset, 0)
    return this.#uplink.figures(now, unsent, publishedKbps)
  }

  /** Starts to hand out frames, first those that came before. */
  handle(handlers: LiveLinkHandlers): void {
    this.#handlers = handlers
    const early = this.#early
    this.#early = []
    for (const frame of early) if (!this.#closed) handlers.onFrame(frame)
    if (this.#closed) handlers.onClose(this.#fault)
  }

  /** Queues a control frame. A peer that takes none for too long is cut. */
  send(frame: LiveFrame): void {
    if (this.#closed) return
    const bytes = encodeFrame(frame)
    if (this.#controlBytes + bytes.length > MAX_CONTROL_QUEUE_BYTES) {
      this.#stream.abort(new Error('the peer reads too slowly'))
      return
    }
    this.#control.push(bytes)
    this.#controlBytes += bytes.length
    this.#pump()
  }

  /** Queues the bytes that answer WANT `id`; false when too many wait already. */
  sendBlock(id: number, bytes: Uint8Array): boolean {
    if (this.#closed || this.#blocks.length >= MAX_BLOCKS_QUEUED) return false
    this.#blocks.push({ id, bytes, offset: 0 })
    this.#pump()
    return true
  }

  /** Sends nothing more for WANT `id`. */
  cancelBlock(id: number): void {
    const index = this.#blocks.findIndex((block) => block.id === id)
    if (index >= 0) this.#blocks.splice(index, 1)
  }

  /** Says why, then closes; what is queued before is still sent where the peer takes it. */
  bye(reason: ByeReason): void {
    this.#blocks.length = 0
    this.send({ type: 'bye', reason })
    this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#stream.close({ signal: AbortSignal.timeout(2000) }).catch((error: unknown) => {
      this.#stream.abort(error instanceof Error ? error : new Error(String(error)))
    })
  }

  /** Ends the stream at once, for a peer that broke the rules. */
  abort(reason: string): void {
    this.#stream.abort(new Error(reason))
  }

  /** Resolves when nothing waits to be sent any more, the stream is closed, or the time is over. */
  async flush(timeoutMs: number): Promise<void> {
    const end = Date.now() + timeoutMs
    while (!this.#closed && Date.now() < end) {
      if (this.#control.length === 0 && this.#blocks.length === 0 && this.#stream.writeBufferLength === 0) return
      await new Promise((resolve) => setTimeout(resolve, FLUSH_POLL_MS))
    }
  }

  #read(data: Uint8Array): void {
    if (this.#closed) return
    let frames: LiveFrame[]
    try {
      frames = this.#reader.push(data)
    } catch (error) {
      this.#fault = error instanceof FrameFault ? error : new FrameFault(String(error))
      this.abort(this.#fault.message)
      return
    }
    for (const frame of frames) {
      if (this.closed) return // by the frame before
      if (this.#handlers === null) this.#early.push(frame)
      else this.#handlers.onFrame(frame)
    }
  }

  #pump(): void {
    while (!this.#closed && this.#stream.writeStatus === 'writable' && !this.#stream.writableNeedsDrain) {
      const bytes = this.#nextControl() ?? this.#nextBlockFrame()
      if (bytes === null) return
      try {
        this.#stream.send(bytes)
      } catch {
        return // closed meanwhile; the close event follows
      }
    }
    const waits = this.#control.length + this.#blocks.length > 0 && this.#stream.writableNeedsDrain
    if (waits && !this.#closed)
      this.#impatience ??= setTimeout(() => this.abort('the peer reads too slowly'), STALLED_MS)
  }

  #nextControl(): Uint8Array | null {
    const bytes = this.#control.shift()
    if (bytes === undefined) return null
    this.#controlBytes -= bytes.length
    return bytes
  }

  #nextBlockFrame(): Uint8Array | null {
    const block = this.#blocks[0]
    if (block === undefined) return null
    if (this.#paceTimer !== undefined) return null
    const data = block.bytes.subarray(block.offset, block.offset + MAX_BLOCK_DATA)
    const wait = this.#pace(data.length)
    if (wait > 0) {
      this.#paceTimer = setTimeout(() => {
        this.#paceTimer = undefined
        this.#pump()
      }, wait)
      return null
    }
    const frame = encodeFrame({ type: 'block', id: block.id, offset: block.offset, data })
    block.offset += data.length
    this.bytesServed += data.length
    if (block.offset >= block.bytes.length) this.#blocks.shift()
    return frame
  }

  #finish(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#paceTimer)
    clearTimeout(this.#impatience)
    this.#control.length = 0
    this.#blocks.length = 0
    this.#handlers?.onClose(this.#fault)
  }
}
