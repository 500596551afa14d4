import type { Stream } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { Uint8ArrayList } from 'uint8arraylist'
import {
  BlockFrameReader,
  encodeBlockFrame,
  encodeBlockHead,
  TCP_DATA_BYTES,
  type BlockFrame,
  type Holding,
} from './block-frame'
import type { UplinkBucket } from './uplink-bucket'

/** Blocks that one peer may have asked for and not got; more are refused. */
const MAX_QUEUED = 64
/** Answers that wait for a peer that reads nothing: it is cut. */
const MAX_ANSWER_BYTES = 64 * 1024
/** Of blocks that one peer has in memory here, over all of its streams: one and the next one. The first is read whatever its size. */
const MOST_BYTES_OF_PEER = 2 * 1024 * 1024
const USUAL_BYTES = 1024 * 1024
/** A block that waits so long for its peer is let go of, and read again when the peer goes on. */
const STALLED_MS = 3_000
/** When a peer has as much in memory as it may, on other streams. */
const AGAIN_MS = 100

/** Bytes of blocks in memory by peer. */
export type ServedMemory = Map<string, number>
/** Each turn of a stream costs as much as the encryption of 100 KB: a line that takes a turn's bytes at once gets more of them in the next. */
const MOST_TURN_BYTES = 256 * 1024
const QUICK_TURN_MS = 3

export interface ServeBlocks {
  holds: (cid: CID) => Holding
  block: (cid: CID) => Promise<Uint8Array | null>
  served: (peerId: string, root: CID | null, bytes: number) => void
}

interface Want {
  id: number
  cid: CID
}

/**
 * Answers one peer: in the order asked, one block at a time and the next one read ahead, so that at most two blocks a peer are in memory
 * (`ServedMemory`), and none for one that takes nothing; nothing is handed to the stream while it asks for a drain, nor without a token
 * of the uplink.
 */
export class BlockServer {
  readonly #queue: Want[] = []
  readonly #answers: Uint8Array[] = []
  #answerBytes = 0
  #current: { want: Want; bytes: Uint8Array; offset: number } | null = null
  #ahead: { want: Want; bytes: Promise<Uint8Array | null> } | null = null
  /** Let go of: how far it was sent. */
  #resume: { id: number; offset: number } | null = null
  #loading = false
  #kept = 0
  #movedAt = 0
  #watch: NodeJS.Timeout | undefined
  #waiting = false
  #closed = false
  /** What it kept was given back. */
  #isGone = false
  /** What the peer asked about last: its blocks are counted for that file. */
  #root: CID | null = null
  /** What goes to the stream at once; slow lines get one frame, so that a cancelled block ends soon. */
  #turnBytes: number
  #turnAt = 0

  constructor(
    private readonly stream: Stream,
    private readonly peerId: string,
    private readonly source: ServeBlocks,
    private readonly uplink: UplinkBucket,
    private readonly dataBytes: number,
    private readonly memory: ServedMemory,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#turnBytes = dataBytes
    const reader = new BlockFrameReader({
      onFrame: (frame) => this.#take(frame),
      onData: () => this.#fault('a block nobody asked for'),
    })
    stream.addEventListener('message', ({ data }) => {
      if (this.#closed) return
      try {
        for (const part of data instanceof Uint8Array ? [data] : data) reader.push(part)
      } catch (error) {
        this.#fault(String(error))
      }
    })
    stream.addEventListener('drain', () => {
      this.#adapt()
      this.#pump()
    })
    stream.addEventListener('remoteCloseWrite', () => void stream.close().catch(() => undefined))
    stream.addEventListener('close', () => {
      this.#closed = true
      this.#queue.length = this.#answers.length = 0
      clearTimeout(this.#watch)
      this.#current = this.#ahead = null
      this.#keep(-this.#kept)
      this.#isGone = true
    })
  }

  #fault(message: string): void {
    this.#closed = true
    this.stream.abort(new Error(message))
  }

  #take(frame: BlockFrame): void {
    switch (frame.type) {
      case 'have':
        this.#root = frame.cid
        this.#answer({ type: 'has', id: frame.id, holding: this.source.holds(frame.cid) })
        break
      case 'want':
        if (this.#queue.length >= MAX_QUEUED) this.#answer({ type: 'no', id: frame.id, reason: 'busy' })
        else this.#queue.push({ id: frame.id, cid: frame.cid })
        this.#pump()
        break
      case 'cancel': {
        const index = this.#queue.findIndex(({ id }) => id === frame.id)
        if (index >= 0) this.#queue.splice(index, 1)
        if (this.#ahead?.want.id === frame.id) this.#leaveAhead()
        if (this.#current?.want.id === frame.id) this.#leaveCurrent()
        this.#pump()
        break
      }
      default:
        this.#fault('an answer nobody asked for')
    }
  }

  #answer(frame: BlockFrame): void {
    const bytes = encodeBlockFrame(frame)
    this.#answers.push(bytes)
    this.#answerBytes += bytes.length
    if (this.#answerBytes > MAX_ANSWER_BYTES) this.#fault('the peer reads too slowly')
    else this.#pump()
  }

  #pump(): void {
    while (!this.#closed && this.stream.writeStatus === 'writable' && !this.stream.writableNeedsDrain) {
      const answer = this.#answers.shift()
      if (answer !== undefined) {
        this.#answerBytes -= answer.length
        this.#send(answer)
        continue
      }
      const block = this.#current
      if (block === null) {
        void this.#next()
        return
      }
      const turn = this.#turn(block)
      if (turn === null) {
        if (!this.#waiting) {
          this.#waiting = true
          this.uplink.wait(() => {
            this.#waiting = false
            this.#pump()
          })
        }
        return
      }
      this.#send(turn)
    }
  }

  /** The next frames of a block, as many as the uplink and the line allow at once; null when it allows none. */
  #turn(block: { want: Want; bytes: Uint8Array; offset: number }): Uint8ArrayList | null {
    const turn = new Uint8ArrayList()
    let bytes = 0
    while (bytes < this.#turnBytes && block.offset < block.bytes.length) {
      const data = block.bytes.subarray(block.offset, block.offset + this.dataBytes)
      if (!this.uplink.take(data.length)) break
      turn.append(encodeBlockHead(block.want.id, block.bytes.length, block.offset, data.length))
      turn.append(data)
      block.offset += data.length
      bytes += data.length
    }
    if (block.offset >= block.bytes.length) this.#leaveCurrent()
    if (bytes === 0) return null
    this.#movedAt = this.#turnAt = this.now()
    this.source.served(this.peerId, this.#root, bytes)
    return turn
  }

  #adapt(): void {
    if (this.dataBytes < TCP_DATA_BYTES) return
    const isQuick = this.now() - this.#turnAt < QUICK_TURN_MS
    const bytes = isQuick ? this.#turnBytes * 2 : this.#turnBytes / 2
    this.#turnBytes = Math.max(this.dataBytes, Math.min(MOST_TURN_BYTES, bytes))
  }

  async #next(): Promise<void> {
    if (this.#loading) return
    const load = this.#ahead ?? this.#read()
    if (load === null) return
    this.#loading = true
    this.#ahead = null
    const bytes = await load.bytes
    this.#loading = false
    if (this.#closed) return
    if (bytes === null || bytes.length === 0) this.#answer({ type: 'no', id: load.want.id, reason: 'not-here' })
    else {
      const offset = this.#resume?.id === load.want.id ? this.#resume.offset : 0
      this.#resume = null
      this.#keep(bytes.length - USUAL_BYTES)
      this.#current = { want: load.want, bytes, offset }
      this.#movedAt = this.now()
      this.#ahead = this.#read()
      this.#watchStall()
    }
    this.#pump()
  }

  /** The next block, as `USUAL_BYTES` until its size is known. */
  #read(): { want: Want; bytes: Promise<Uint8Array | null> } | null {
    const want = this.#queue[0]
    if (want === undefined) return null
    const held = this.memory.get(this.peerId) ?? 0
    if (held > 0 && held + USUAL_BYTES > MOST_BYTES_OF_PEER) {
      if (this.#current === null) setTimeout(() => this.#pump(), AGAIN_MS).unref()
      return null
    }
    this.#queue.shift()
    this.#keep(USUAL_BYTES)
    const bytes = this.source.block(want.cid).catch(() => null)
    void bytes.then((found) => {
      if (found === null || found.length === 0) this.#keep(-USUAL_BYTES)
    })
    return { want, bytes }
  }

  #keep(bytes: number): void {
    if (this.#isGone) return
    this.#kept += bytes
    const held = (this.memory.get(this.peerId) ?? 0) + bytes
    if (held > 0) this.memory.set(this.peerId, held)
    else this.memory.delete(this.peerId)
  }

  #leaveCurrent(): void {
    if (this.#current !== null) this.#keep(-this.#current.bytes.length)
    this.#current = null
  }

  #leaveAhead(): void {
    const ahead = this.#ahead
    this.#ahead = null
    if (ahead === null) return
    void ahead.bytes.then((found) => {
      if (found !== null && found.length > 0) this.#keep(-USUAL_BYTES)
    })
  }

  #watchStall(): void {
    this.#watch ??= setTimeout(() => {
      this.#watch = undefined
      const block = this.#current
      if (block === null || this.#closed) return
      if (this.#waiting || this.now() - this.#movedAt < STALLED_MS) {
        this.#watchStall()
        return
      }
      if (this.#ahead !== null) this.#queue.unshift(this.#ahead.want)
      this.#queue.unshift(block.want)
      this.#resume = { id: block.want.id, offset: block.offset }
      this.#leaveAhead()
      this.#leaveCurrent()
    }, STALLED_MS).unref()
  }

  #send(bytes: Uint8Array | Uint8ArrayList): void {
    try {
      this.stream.send(bytes)
    } catch {
      // closed meanwhile; the close event follows
    }
  }
}
