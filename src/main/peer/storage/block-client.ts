import type { Stream } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { hearBulk } from '../bulk-stream'
import { BlockFrameReader, encodeBlockFrame, type BlockFrame, type Holding } from './block-frame'
import type { BlockMemory } from './block-memory'

const HAVE_TIMEOUT_MS = 5_000

/** What happens to one asked block. */
export interface WantHandlers {
  /** So many more bytes of it are here. */
  progress: (bytes: number) => void
  /** All bytes, not verified, in memory of the node's `BlockMemory`. */
  block: (bytes: Uint8Array) => void
  /** Not there, or not now. */
  refused: (reason: 'not-here' | 'busy' | 'closed') => void
}

interface Want extends WantHandlers {
  /** Exact bytes where known, else the most. */
  limit: number
  exact: boolean
  bytes: Uint8Array | null
  got: number
}

/** The asking end of one stream: many wants at once, answered in order. Space for a block is made when its first bytes come. */
export class BlockClient {
  readonly #wants = new Map<number, Want>()
  readonly #asked = new Map<number, (holding: Holding) => void>()
  #nextId = 1
  #closed = false

  constructor(
    private readonly stream: Stream,
    readonly peerId: string,
    private readonly memory: BlockMemory,
    private readonly onClose: () => void,
  ) {
    const reader = new BlockFrameReader({
      onFrame: (frame) => this.#take(frame),
      onData: (id, total, offset, data) => this.#data(id, total, offset, data),
    })
    hearBulk(stream, (piece) => {
      if (this.#closed) return
      try {
        reader.push(piece)
      } catch (error) {
        this.abort(String(error))
      }
    })
    stream.addEventListener('remoteCloseWrite', () => this.close())
    stream.addEventListener('close', () => this.#finish())
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Whether the peer has a file; `none` when it does not answer. */
  holding(root: CID): Promise<Holding> {
    if (this.#closed) return Promise.resolve('none')
    const id = this.#id()
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer('none'), HAVE_TIMEOUT_MS)
      const answer = (holding: Holding): void => {
        clearTimeout(timer)
        this.#asked.delete(id)
        resolve(holding)
      }
      this.#asked.set(id, answer)
      this.#send({ type: 'have', id, cid: root })
    })
  }

  /** Asks for a block; returns the function that takes it back. */
  want(cid: CID, limit: number, exact: boolean, handlers: WantHandlers): () => void {
    const id = this.#id()
    if (this.#closed) {
      queueMicrotask(() => handlers.refused('closed'))
      return () => undefined
    }
    this.#wants.set(id, { ...handlers, limit, exact, bytes: null, got: 0 })
    this.#send({ type: 'want', id, cid })
    return () => {
      const want = this.#wants.get(id)
      if (want === undefined) return
      this.#forget(id, want)
      this.#send({ type: 'cancel', id })
    }
  }

  close(): void {
    if (this.#closed) return
    this.stream.close({ signal: AbortSignal.timeout(1000) }).catch((error: unknown) => {
      this.stream.abort(error instanceof Error ? error : new Error(String(error)))
    })
    this.#finish()
  }

  /** Ends the stream at once, for a peer that broke the rules. */
  abort(reason: string): void {
    this.stream.abort(new Error(reason))
    this.#finish()
  }

  #id(): number {
    this.#nextId = (this.#nextId + 1) >>> 0
    return this.#nextId
  }

  #send(frame: BlockFrame): void {
    try {
      this.stream.send(encodeBlockFrame(frame))
    } catch {
      // closed meanwhile; the close event follows
    }
  }

  #take(frame: BlockFrame): void {
    if (frame.type === 'has') this.#asked.get(frame.id)?.(frame.holding)
    else if (frame.type === 'no') {
      const want = this.#wants.get(frame.id)
      if (want === undefined) return
      this.#forget(frame.id, want)
      want.refused(frame.reason)
    } else this.abort('a question where an answer is due')
  }

  /** Pieces of one block come in order: anything else is a fault. What is no longer wanted is passed over. */
  #data(id: number, total: number, offset: number, data: Uint8Array): void {
    const want = this.#wants.get(id)
    if (want === undefined) return
    if (total > want.limit || (want.exact && total !== want.limit) || offset !== want.got) {
      this.abort('a block of another size than asked for')
      return
    }
    want.bytes ??= this.memory.take(total) // every byte is written before it is handed out
    want.bytes.set(data, offset)
    want.got += data.length
    want.progress(data.length)
    if (want.got < total) return
    this.#wants.delete(id)
    want.block(want.bytes)
  }

  #forget(id: number, { bytes }: Want): void {
    this.#wants.delete(id)
    if (bytes !== null) this.memory.give(bytes)
  }

  #finish(): void {
    if (this.#closed) return
    this.#closed = true
    const wants = [...this.#wants.values()]
    for (const [id, want] of [...this.#wants]) this.#forget(id, want)
    for (const answer of [...this.#asked.values()]) answer('none')
    for (const want of wants) want.refused('closed')
    this.onClose()
  }
}
