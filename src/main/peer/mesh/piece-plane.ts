import type { Stream } from '@libp2p/interface'
import { BatchReader } from '@shared/mesh/batch-reader'
import { MeshFault } from '@shared/mesh/byte-reader'
import { ChunkAssembler, type PieceVerdict } from '@shared/mesh/chunk-assembler'
import type { MeshItem } from '@shared/mesh/mesh-item'
import { MAX_STRIPES, type ChunkHead, type HashList, type Piece } from '@shared/mesh/piece'
import { PieceStore } from '@shared/mesh/piece-store'
import { StripeRate } from '@shared/mesh/stripe-rate'
import { StripeWatch, type StripeNews } from '@shared/mesh/stripe-watch'
import { TokenBucket } from '@shared/mesh/token-bucket'
import type { SealedChunk } from './chunk-sealer'
import { PeerShare } from './peer-share'
import { PieceGate } from './piece-gate'
import { StripeLinks, type StripeLinkEvents } from './stripe-links'
import { UnlistedPieces } from './unlisted-pieces'

export interface PlaneEvents {
  /** Items in their order. */
  onItems: (items: MeshItem[]) => void
  /** Something is missing and will not come. */
  onGap: () => void
  /** This peer sent what no honest member sends: it is to be dropped for good. */
  onLiar: (peerId: string, fault: string) => void
  /** A stripe stream to this peer could not be opened or broke. */
  onBroken: (peerId: string) => void
  /** Peers alone have brought all of a chunk, whether or not a relay was faster. @param timeMs of the chunk */
  onPeersBrought?: (timeMs: number) => void
}

/** In figures, the sender of what came from a relay. No peer has this id. */
export const RELAY_SENDER = 'relay'

export interface PlaneOptions {
  showCid: string
  /** Of the broadcaster, 32 bytes. */
  publicKey: Uint8Array
  /** All stripes of the show. */
  stripes: number
  /** Opens a stripe stream to a peer. */
  openStripe: (peerId: string, signal: AbortSignal) => Promise<Stream>
  /** Most that live pieces wait for one peer's link, milliseconds of its stripe; that of `StripeWriter` by default. */
  mostWaitingMs?: number
}

/** Bytes that came from one peer. */
export interface PeerBytes {
  /** First copies: what was of use. */
  first: number
  /** Further copies and late ones. */
  duplicate: number
}

/** What a parent is told of the pieces it sent in one stripe. */
export interface Receipt {
  stripe: number
  pieces: number
  late: number
}

/** How long a hole is waited for before it is jumped over. */
const PATIENCE_MS = 500
/** A piece that comes this long after the first one of its chunk was late. */
const LATE_MS = 150
/** Bytes of no use that one peer may send: a second of a fast stream at once, then little. */
const USELESS_BYTES_PER_SECOND = 256 * 1024
const USELESS_BURST_BYTES = 2 * 1024 * 1024

/**
 * The data plane of one show on one node: what comes over stripe streams is verified, put together, kept for repair and
 * passed on at once to the children of its stripe. Who gets what from whom is said from outside (`forward`, `serve`).
 */
export class PiecePlane {
  readonly links: StripeLinks
  readonly #events: PlaneEvents
  readonly #gate: PieceGate
  readonly #assembler = new ChunkAssembler()
  readonly #batches = new BatchReader()
  readonly #store = new PieceStore()
  readonly #rate = new StripeRate()
  readonly #watch: StripeWatch
  readonly #unlisted = new UnlistedPieces()
  readonly #peerShare = new PeerShare()
  /** By stripe, with the slots that each forwards it with; the largest first. */
  readonly #children: Map<string, number>[] = Array.from({ length: MAX_STRIPES }, () => new Map<string, number>())
  readonly #received = new Map<string, PeerBytes>()
  readonly #useless = new Map<string, TokenBucket>()
  readonly #receipts = new Map<string, Map<number, Receipt>>()
  #stuckSince: number | null = null

  constructor({ showCid, publicKey, stripes, openStripe, mostWaitingMs }: PlaneOptions, events: PlaneEvents) {
    this.#events = events
    this.#gate = new PieceGate(showCid, publicKey)
    this.#watch = new StripeWatch(stripes)
    const linkEvents: StripeLinkEvents = {
      onFrame: (peerId, _, frame) => this.#takeFrame(peerId, frame),
      onFault: (peerId, { fault }) => events.onLiar(peerId, fault),
      onBroken: (peerId) => events.onBroken(peerId),
    }
    this.links = new StripeLinks(showCid, openStripe, linkEvents, mostWaitingMs)
  }

  /** Bytes by sender. */
  get received(): ReadonlyMap<string, PeerBytes> {
    return this.#received
  }

  get bytesSent(): number {
    return this.links.bytesSent
  }

  /** Live pieces not sent because links were too slow. */
  get piecesDropped(): number {
    return this.links.piecesDropped
  }

  /** Chunk that is played next, null before the first. */
  get next(): number | null {
    return this.#assembler.next
  }

  /** The broadcaster's own chunk: kept and sent to the children. */
  publish({ head, frames, list }: SealedChunk): void {
    const now = performance.now()
    this.#rate.add(head)
    if (list !== null) {
      this.#store.addList(head, list, now)
      if (head.start) this.#passOn(head, head.chunk % head.n, list, null)
    }
    for (const [stripe, frame] of frames.entries()) {
      this.#store.add(head, stripe, frame, now)
      this.#passOn(head, stripe, frame, null)
    }
  }

  /**
   * From now on this child gets every piece of the stripe, first those kept behind `after` (-1: from the newest key chunk).
   * @param capacity slots that it forwards the stripe with: the more wait for it, the sooner it gets each piece
   */
  forward(stripe: number, child: string, after: number, capacity = 0): void {
    const children = this.#children[stripe]
    if (children === undefined) return
    const from = after < 0 ? this.#store.newestKey() : after + 1
    children.delete(child)
    for (const [other, slots] of [...children]) {
      if (slots >= capacity) continue
      if (!children.has(child)) children.set(child, capacity)
      children.delete(other)
      children.set(other, slots)
    }
    children.set(child, capacity)
    if (from !== null) this.#send(child, stripe, from, this.#store.newest())
  }

  /** The child gets no more of this stripe. */
  stopForwarding(stripe: number, child: string): void {
    this.#children[stripe]?.delete(child)
    if (!this.#children.some((children) => children.has(child))) this.links.closeTo(child)
  }

  /** Sends pieces once, as far as they are kept. */
  serve(to: string, stripe: number, from: number, until: number): void {
    this.#send(to, stripe, from, until)
  }

  /** A peer is gone or refused. */
  drop(peerId: string): void {
    for (const children of this.#children) children.delete(peerId)
    this.#receipts.delete(peerId)
    this.#useless.delete(peerId)
    this.links.cut(peerId)
  }

  /** The newest piece of a stripe that is here, -1 for none. */
  newestOf(stripe: number): number {
    const newest = this.#store.newest()
    for (let chunk = newest; chunk > newest - 64 && chunk >= 0; chunk--) {
      if (this.#store.piece(chunk, stripe) !== undefined) return chunk
    }
    return -1
  }

  /** Looks what is late and gives up what is too late; about every 25 ms. */
  look(now: number): StripeNews[] {
    this.#giveUp(now)
    return this.#watch.look(this.#assembler, (stripe) => (this.#children[stripe]?.size ?? 0) > 0, now)
  }

  /** What came from each sender since this was last asked. */
  takeReceipts(): Map<string, Receipt[]> {
    const taken = new Map<string, Receipt[]>()
    for (const [peerId, receipts] of this.#receipts) taken.set(peerId, [...receipts.values()])
    this.#receipts.clear()
    return taken
  }

  /** A frame of the show that came from a relay; verified as all others. Who sent what is not allowed is told as RELAY_SENDER. */
  takeRelayed(frame: Uint8Array): void {
    this.#takeFrame(RELAY_SENDER, frame)
  }

  stop(): void {
    this.links.stop()
  }

  #takeFrame(peerId: string, frame: Uint8Array): void {
    const now = performance.now()
    try {
      const opened = this.#gate.open(frame, (chunk, stripe) => this.#assembler.has(chunk, stripe))
      switch (opened.type) {
        case 'known':
          this.#noteShare(peerId, opened.chunk, opened.stripe, now)
          this.#count(peerId, opened.stripe, frame.length, 'duplicate', opened.chunk, now)
          return
        case 'unlisted':
          if (!this.#unlisted.add(opened.chunk, { peerId, frame })) {
            this.#count(peerId, opened.stripe, frame.length, 'late', opened.chunk, now)
          }
          return
        case 'list':
          this.#takeList(peerId, opened.list, frame, now)
          return
        case 'piece':
          this.#takePiece(peerId, opened.piece, frame, now)
      }
    } catch (error) {
      if (!(error instanceof MeshFault)) throw error
      this.#events.onLiar(peerId, error.fault)
    }
  }

  #takeList(peerId: string, { heads }: HashList, frame: Uint8Array, now: number): void {
    const bytes = this.#bytesOf(peerId)
    bytes.first += frame.length
    const [first] = heads as [ChunkHead]
    for (const head of heads) this.#store.addList(head, frame, now)
    this.#passOn(first, first.chunk % first.n, frame, peerId)
    for (const { chunk } of heads) {
      for (const waiting of this.#unlisted.take(chunk)) this.#takeFrame(waiting.peerId, waiting.frame)
    }
  }

  #takePiece(peerId: string, piece: Piece, frame: Uint8Array, now: number): void {
    let verdict = this.#assembler.add(piece)
    if (verdict === 'late' && this.#assembler.isBehind(piece.chunk)) {
      // this node slept, or its line was down: begin anew
      this.#assembler.restart()
      this.#batches.gap()
      this.#events.onGap()
      verdict = this.#assembler.add(piece)
    }
    this.#count(peerId, piece.stripe, frame.length, verdict, piece.chunk, now)
    if (verdict === 'duplicate') return
    // late for this node's player, but a child may have begun to wait for it later
    this.#store.add(piece, piece.stripe, frame, now)
    this.#passOn(piece, piece.stripe, frame, peerId)
    if (verdict === 'late') return
    this.#rate.add(piece)
    this.#noteShare(peerId, piece.chunk, piece.stripe, now)
    this.#handOut()
  }

  /** Whether parents are late is judged by what peers bring alone: a relay must not hide it. */
  #noteShare(peerId: string, chunk: number, stripe: number, now: number): void {
    const head = this.#store.head(chunk)
    if (peerId === RELAY_SENDER || head === undefined) return
    const share = this.#peerShare.add(chunk, stripe, head.k)
    if (share === 'known') return
    this.#watch.arrived(chunk, stripe, head.timeMs, now)
    if (share === 'whole') this.#events.onPeersBrought?.(head.timeMs)
  }

  #handOut(): void {
    for (let chunk = this.#assembler.take(); chunk !== null; chunk = this.#assembler.take()) {
      this.#stuckSince = null
      const items = this.#batches.push(chunk)
      if (items.length > 0) this.#events.onItems(items)
    }
  }

  #giveUp(now: number): void {
    const { next, newest } = this.#assembler
    if (next === null || newest < next) {
      this.#stuckSince = null
      return
    }
    this.#stuckSince ??= now
    const beyond = this.#assembler.nextStart()
    if (now - this.#stuckSince < PATIENCE_MS || beyond === null) return
    this.#assembler.skipTo(beyond)
    this.#batches.gap()
    this.#events.onGap()
    this.#stuckSince = null
    this.#handOut()
  }

  #passOn(head: ChunkHead, stripe: number, frame: Uint8Array, from: string | null): void {
    for (const child of this.#children[stripe]!.keys()) {
      if (child === from) continue
      this.links.writer(child, stripe).sendLive(frame, head.key, this.#rate.bytesPerSecond, this.#rate.largest)
    }
  }

  #send(to: string, stripe: number, from: number, until: number): void {
    const writer = this.links.writer(to, stripe)
    let list: Uint8Array | undefined
    for (let chunk = from; chunk <= until; chunk++) {
      const frame = this.#store.piece(chunk, stripe)
      if (frame === undefined) continue
      const listOf = this.#store.list(chunk)
      if (listOf !== undefined && listOf !== list) writer.sendAsked((list = listOf))
      if (!writer.sendAsked(frame)) return
    }
  }

  #count(peerId: string, stripe: number, length: number, verdict: PieceVerdict, chunk: number, now: number): void {
    const bytes = this.#bytesOf(peerId)
    const late = verdict === 'late' || this.#watch.age(chunk, now) > LATE_MS
    let receipts = this.#receipts.get(peerId)
    if (receipts === undefined) this.#receipts.set(peerId, (receipts = new Map<number, Receipt>()))
    let receipt = receipts.get(stripe)
    if (receipt === undefined) receipts.set(stripe, (receipt = { stripe, pieces: 0, late: 0 }))
    if (late) receipt.late++
    else receipt.pieces++
    if (verdict === 'first' || verdict === 'spare') {
      bytes.first += length
      return
    }
    bytes.duplicate += length
    if (peerId === RELAY_SENDER) return // asked for, so that nothing is missed while it is faster or slower
    let bucket = this.#useless.get(peerId)
    if (bucket === undefined) {
      bucket = new TokenBucket(USELESS_BYTES_PER_SECOND, USELESS_BURST_BYTES, now)
      this.#useless.set(peerId, bucket)
    }
    if (!bucket.take(length, now)) this.#events.onLiar(peerId, 'flood')
  }

  #bytesOf(peerId: string): PeerBytes {
    let bytes = this.#received.get(peerId)
    if (bytes === undefined) this.#received.set(peerId, (bytes = { first: 0, duplicate: 0 }))
    return bytes
  }
}
