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
/**
 * The same at the broadcaster, all of whose viewers miss what is dropped there: connections that are set up (up to 9 KB each,
 * three quarters of a second of the line for 16 of them at 1.15 x a stream of 1.3 Mbit/s) must cost delay for a moment and no pictures.
 */
export const MOST_WAITING_AT_SOURCE_MS = 750
/** Live pieces that had to wait behind a burst come nearer to the present by this part of the stream at least, or are dropped. */
const CATCH_UP_SHARE = 0.05
/** Below this nothing is dropped: two pieces. */
const LEAST_LIMIT_BYTES = 32 * 1024
/** While the stream is being opened: at least, and as time of the stripe. */
const OPENING_LIMIT_BYTES = 64 * 1024
const MOST_OPENING_MS = 1_000
/** Bursts and answers to repair requests waiting for one peer, in all its stripes. */
const MOST_ASKED_BYTES = 1024 * 1024

/**
 * The sending end of one stripe to one peer; frames wait until its stream is open. Nothing is handed to the stream while it
 * asks for a drain; live pieces that wait longer than 100 ms of the stripe (and one key picture) are dropped up to the next
 * key picture: frames are lost, delay never grows (live.md 6). Behind a burst, which a line of hardly more than the stream
 * takes seconds to make good, they may wait as long as the burst takes, less and less: dropping them would cost the room
 * what the burst was sent for.
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
  /** Bytes that live pieces may wait for beyond the limit, since a burst went before them. */
  #catchUp = 0
  readonly #mostWaitingMs: number

  /**
   * @param first goes before all others @param asked shared by all stripes of the peer
   * @param mostWaitingMs of live pieces, as time of the stripe
   */
  constructor(first: Uint8Array, asked: AskedBytes, mostWaitingMs = MOST_WAITING_MS) {
    this.#asked = asked
    this.#mostWaitingMs = mostWaitingMs
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
    this.#catchUp = Math.max(this.#catchUp, this.waiting)
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
    this.#catchUp = Math.max(0, this.#catchUp - frame.length * CATCH_UP_SHARE)
    const limit = this.#limit(bytesPerSecond, largest) + this.#catchUp
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
    this.#catchUp = Math.max(this.#catchUp, this.#askedBytes)
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

  #limit(bytesPerSecond: number, largest: number): number {
    if (this.#stream === null) return Math.max(OPENING_LIMIT_BYTES, (bytesPerSecond * MOST_OPENING_MS) / 1000)
    return Math.max(LEAST_LIMIT_BYTES, (bytesPerSecond * this.#mostWaitingMs) / 1000 + largest)
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
