import type { Stream } from '@libp2p/interface'

/** Bytes of asked frames that wait for one peer; its writers share it. */
export interface AskedBytes {
  waiting: number
}

/** A frame that waits for a peer. */
interface Waiting {
  frame: Uint8Array
  /** Live pieces are dropped when they would come late; what was asked for is not. */
  live: boolean
}

/** What may wait on a link beyond the largest picture: time of its stripe. */
const MOST_WAITING_MS = 100
/** Below this nothing is dropped: two pieces. */
const LEAST_LIMIT_BYTES = 32 * 1024
/** While the stream is being opened. */
const OPENING_LIMIT_BYTES = 64 * 1024
/** Bursts and answers to repair requests waiting for one peer, in all its stripes. */
const MOST_ASKED_BYTES = 1024 * 1024

/**
 * The sending end of one stripe to one peer; frames wait until its stream is open. Nothing is handed to the stream while it asks for a drain; live pieces
 * that wait longer than 100 ms of the stripe (and one key picture) are dropped up to the next key picture: frames are
 * lost, delay never grows (live.md 6).
 */
export class StripeWriter {
  /** Bytes handed to the stream. */
  sent = 0
  /** Live pieces dropped because the link was too slow. */
  dropped = 0
  #stream: Stream | null = null
  #closed = false
  readonly #asked: AskedBytes
  readonly #waiting: Waiting[] = []
  #liveBytes = 0
  #askedBytes = 0
  #skipping = false

  /** @param first goes before all others @param asked shared by all stripes of the peer */
  constructor(first: Uint8Array, asked: AskedBytes) {
    this.#asked = asked
    this.#waiting.push({ frame: first, live: false })
    this.#hold(first.length)
  }

  /** The stream is open: what waits goes out. */
  attach(stream: Stream): void {
    if (this.#closed) {
      stream.abort(new Error('no longer needed'))
      return
    }
    this.#stream = stream
    // its own event, not onDrain(): that promise is made once and stays resolved (@libp2p/utils abstract-message-stream)
    stream.addEventListener('drain', () => this.#pump())
    this.#pump()
  }

  /** Bytes that wait here. */
  get waiting(): number {
    return this.#liveBytes + this.#askedBytes
  }

  /**
   * Queues a live piece; false when it (or what waited before it) was dropped.
   * @param key it opens a group that a viewer can begin with
   * @param bytesPerSecond of the stripe @param largest bytes of a key picture's part of the stripe
   */
  sendLive(frame: Uint8Array, key: boolean, bytesPerSecond: number, largest: number): boolean {
    if (this.#skipping && !key) {
      this.dropped++
      return false
    }
    if (key && this.#skipping) this.#skipping = false
    const least = this.#stream === null ? OPENING_LIMIT_BYTES : LEAST_LIMIT_BYTES
    const limit = Math.max(least, (bytesPerSecond * MOST_WAITING_MS) / 1000 + largest)
    if (this.#liveBytes + frame.length > limit) {
      this.#dropLive()
      if (!key) {
        this.#skipping = true
        this.dropped++
        return false
      }
    }
    this.#liveBytes += frame.length
    this.#waiting.push({ frame, live: true })
    this.#pump()
    return true
  }

  /** Queues what the peer asked for; false when too much waits already. */
  sendAsked(frame: Uint8Array): boolean {
    if (this.#closed || this.#asked.waiting + frame.length > MOST_ASKED_BYTES) return false
    this.#hold(frame.length)
    this.#waiting.push({ frame, live: false })
    this.#pump()
    return true
  }

  close(): void {
    this.#closed = true
    this.#waiting.length = 0
    this.#hold(-this.#askedBytes)
    const stream = this.#stream
    stream?.close({ signal: AbortSignal.timeout(2000) }).catch((error: unknown) => {
      stream.abort(error instanceof Error ? error : new Error(String(error)))
    })
  }

  #hold(bytes: number): void {
    this.#askedBytes += bytes
    this.#asked.waiting += bytes
  }

  #dropLive(): void {
    const kept = this.#waiting.filter(({ live }) => !live)
    this.dropped += this.#waiting.length - kept.length
    this.#waiting.splice(0, this.#waiting.length, ...kept)
    this.#liveBytes = 0
  }

  #pump(): void {
    while (this.#stream?.writeStatus === 'writable' && !this.#stream.writableNeedsDrain) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      if (next.live) this.#liveBytes -= next.frame.length
      else this.#hold(-next.frame.length)
      this.sent += next.frame.length
      try {
        this.#stream.send(next.frame)
      } catch {
        return // closed meanwhile; the close event follows
      }
    }
  }
}
