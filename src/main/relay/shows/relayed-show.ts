import { decodeRelayedFrame, encodeManifestFrame } from '@shared/live/relayed-show'
import { MeshFault } from '@shared/mesh/byte-reader'
import { StripeFrameReader } from '@shared/mesh/piece'
import { RatePerSecond } from '../rtmp-out/rate-per-second'
import type { ReaderPipe } from '../live-reader'

/** What is kept for viewers that have missed something: as long as peers keep it. */
const KEPT_MS = 3_000
const KEPT_BYTES = 16 << 20
/** What may wait for one reader beyond its burst; then the rest of the group is left out for it. */
const MOST_WAITING_BYTES = 1 << 20
/** A reader that takes nothing for so long is put out. */
const STALLED_MS = 10_000

interface Group {
  chunk: number
  at: number
  bytes: number
  frames: Uint8Array[]
}

interface Reader {
  pipe: ReaderPipe
  skipping: boolean
  /** Of the burst it began with. */
  allowance: number
  fullSince: number | null
}

/**
 * A show as it travels between peers, on its way through this relay: kept and handed on, not understood and not
 * verified (viewers do that). See [Note: A show at a relay]. Memory is bounded, for the show and for each reader.
 */
export class RelayedShow {
  bytesIn = 0
  readonly #frames = new StripeFrameReader()
  readonly #readers = new Set<Reader>()
  readonly #rate = new RatePerSecond()
  #manifest: Uint8Array | null = null
  #groups: Group[] = []
  #bytes = 0

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Over about three seconds. */
  get bytesPerSecond(): number {
    return this.#rate.kbps(this.bytesIn, this.now()) * 125
  }

  get readers(): number {
    return this.#readers.size
  }

  /** What the broadcaster posts, of any cut. Throws MeshFault for what is not a show. */
  push(bytes: Uint8Array): void {
    this.bytesIn += bytes.length
    this.#rate.kbps(this.bytesIn, this.now())
    for (const frame of this.#frames.push(bytes)) this.#take(frame)
  }

  /** A viewer: gets the manifest, what is kept from the group on that holds chunk `from` (null: the newest), and what follows. Returns how it leaves. */
  read(from: number | null, pipe: ReaderPipe): () => void {
    const reader: Reader = { pipe, skipping: this.#groups.length === 0, allowance: 0, fullSince: null }
    this.#readers.add(reader)
    if (this.#manifest !== null) pipe.write(this.#manifest)
    for (const { frames, bytes } of this.#groups.slice(this.#firstFor(from))) {
      reader.allowance += bytes
      for (const frame of frames) pipe.write(frame)
    }
    return () => this.#readers.delete(reader)
  }

  /** The broadcaster is gone, or has ended the show. */
  end(): void {
    for (const { pipe } of this.#readers) pipe.close()
    this.#readers.clear()
    this.#groups = []
  }

  #firstFor(from: number | null): number {
    const newest = this.#groups.length - 1
    if (from === null) return Math.max(0, newest)
    const holding = this.#groups.findLastIndex(({ chunk }) => chunk <= from)
    return holding < 0 ? Math.max(0, newest) : holding
  }

  #take(frame: Uint8Array): void {
    const decoded = decodeRelayedFrame(frame)
    if (this.#manifest === null && decoded.type !== 'manifest') throw new MeshFault('malformed', 'no manifest first')
    if (decoded.type === 'manifest') {
      if (this.#manifest !== null) throw new MeshFault('malformed', 'a second manifest')
      this.#manifest = encodeManifestFrame(decoded.signed)
      for (const { pipe } of this.#readers) pipe.write(this.#manifest)
      return
    }
    if (decoded.type === 'group') this.#groups.push({ chunk: decoded.chunk, at: this.now(), bytes: 0, frames: [] })
    const group = this.#groups.at(-1)
    if (group !== undefined) {
      group.frames.push(frame)
      group.bytes += frame.length
      this.#bytes += frame.length
      this.#forget()
    }
    for (const reader of this.#readers) this.#give(reader, frame, decoded.type)
  }

  #give(reader: Reader, frame: Uint8Array, type: 'group' | 'record' | 'piece'): void {
    const queued = reader.pipe.queued()
    if (queued === 0) reader.allowance = 0
    const isFull = queued > MOST_WAITING_BYTES + reader.allowance
    reader.fullSince = isFull ? (reader.fullSince ?? this.now()) : null
    if (reader.fullSince !== null && this.now() - reader.fullSince > STALLED_MS) {
      this.#readers.delete(reader)
      reader.pipe.close('Too slow: nothing was taken for a while.')
      return
    }
    if (isFull) reader.skipping = true
    else if (type === 'group') reader.skipping = false
    if (!reader.skipping || type === 'record') reader.pipe.write(frame)
  }

  #forget(): void {
    const old = this.now() - KEPT_MS
    while (this.#groups.length > 1 && (this.#groups[1]!.at < old || this.#bytes > KEPT_BYTES)) {
      this.#bytes -= this.#groups.shift()!.bytes
    }
    if (this.#bytes <= KEPT_BYTES) return
    // one group without an end: nobody can begin in it
    this.#groups = []
    this.#bytes = 0
  }
}
