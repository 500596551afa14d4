import type { Stream } from '@libp2p/interface'
import { MeshFault } from '@shared/mesh/byte-reader'
import { MAX_STRIPES, StripeFrameReader } from '@shared/mesh/piece'
import { stripeGreeting } from './stripe-greeting'
import { StripeWriter, type AskedBytes } from './stripe-writer'

const OPEN_TIMEOUT_MS = 5_000

export interface StripeLinkEvents {
  /** A frame with its length before it, not verified yet. */
  onFrame: (peerId: string, stripe: number, frame: Uint8Array) => void
  onFault: (peerId: string, fault: MeshFault) => void
  /** A stream to this peer could not be opened or broke. */
  onBroken: (peerId: string) => void
}

/** The stripe streams of one show to and from all peers. Those to a peer are opened when they are first needed. */
export class StripeLinks {
  readonly #showCid: string
  readonly #open: (peerId: string, signal: AbortSignal) => Promise<Stream>
  readonly #events: StripeLinkEvents
  readonly #mostWaitingMs: number | undefined
  readonly #writers = new Map<string, Map<number, StripeWriter>>()
  readonly #asked = new Map<string, AskedBytes>()
  readonly #inbound = new Map<string, Set<Stream>>()
  readonly #stopped = new AbortController()
  #sentByGone = 0
  #droppedByGone = 0

  /** @param mostWaitingMs of live pieces to one peer, as time of the stripe; that of `StripeWriter` by default */
  constructor(
    showCid: string,
    open: (peerId: string, signal: AbortSignal) => Promise<Stream>,
    events: StripeLinkEvents,
    mostWaitingMs?: number,
  ) {
    this.#mostWaitingMs = mostWaitingMs
    this.#showCid = showCid
    this.#open = open
    this.#events = events
  }

  /** Bytes sent to all peers, greetings included. */
  get bytesSent(): number {
    return this.#sum(({ sent }) => sent, this.#sentByGone)
  }

  get piecesDropped(): number {
    return this.#sum(({ dropped }) => dropped, this.#droppedByGone)
  }

  /** Bytes that wait for links to take them. */
  get waiting(): number {
    return this.#sum(({ waiting }) => waiting, 0)
  }

  /** The sending end of a stripe to a peer. */
  writer(peerId: string, stripe: number): StripeWriter {
    let ofPeer = this.#writers.get(peerId)
    if (ofPeer === undefined) this.#writers.set(peerId, (ofPeer = new Map<number, StripeWriter>()))
    let writer = ofPeer.get(stripe)
    if (writer === undefined) {
      let asked = this.#asked.get(peerId)
      if (asked === undefined) this.#asked.set(peerId, (asked = { waiting: 0 }))
      writer = new StripeWriter(stripeGreeting(this.#showCid, stripe), asked, this.#mostWaitingMs)
      ofPeer.set(stripe, writer)
      void this.#openStream(peerId, stripe, writer)
    }
    return writer
  }

  /** A stream that a peer opened, its greeting read; `rest` came behind it. */
  accept(stream: Stream, peerId: string, stripe: number, rest: Uint8Array): void {
    let ofPeer = this.#inbound.get(peerId)
    if (ofPeer === undefined) this.#inbound.set(peerId, (ofPeer = new Set()))
    if (this.#stopped.signal.aborted || ofPeer.size >= MAX_STRIPES) {
      stream.abort(new Error('too many streams'))
      return
    }
    ofPeer.add(stream)
    const reader = new StripeFrameReader()
    const read = (data: Uint8Array): void => {
      if (this.#stopped.signal.aborted || !ofPeer.has(stream)) return
      try {
        for (const frame of reader.push(data)) this.#events.onFrame(peerId, stripe, frame)
      } catch (error) {
        if (!(error instanceof MeshFault)) throw error
        stream.abort(error)
        this.#events.onFault(peerId, error)
      }
    }
    if (rest.length > 0) read(rest)
    stream.addEventListener('message', ({ data }) => read(data.subarray()))
    stream.addEventListener('remoteCloseWrite', () => {
      stream.close({ signal: AbortSignal.timeout(2000) }).catch((error: unknown) => {
        stream.abort(error instanceof Error ? error : new Error(String(error)))
      })
    })
    stream.addEventListener('close', () => ofPeer.delete(stream))
  }

  /** Sends nothing more to this peer, and what waits is dropped. */
  closeTo(peerId: string): void {
    for (const writer of this.#writers.get(peerId)?.values() ?? []) this.#retire(writer)
    this.#writers.delete(peerId)
    this.#asked.delete(peerId)
  }

  /** Ends all streams with a peer that broke the rules or is gone. */
  cut(peerId: string): void {
    this.closeTo(peerId)
    const streams = this.#inbound.get(peerId)
    this.#inbound.delete(peerId)
    for (const stream of [...(streams ?? [])]) {
      streams!.delete(stream)
      stream.abort(new Error('the peer is gone or refused'))
    }
  }

  stop(): void {
    this.#stopped.abort()
    for (const peerId of [...this.#writers.keys(), ...this.#inbound.keys()]) this.cut(peerId)
  }

  async #openStream(peerId: string, stripe: number, writer: StripeWriter): Promise<void> {
    const forget = (): void => {
      const ofPeer = this.#writers.get(peerId)
      if (ofPeer?.get(stripe) !== writer) return
      ofPeer.delete(stripe)
      this.#retire(writer)
      if (!this.#stopped.signal.aborted) this.#events.onBroken(peerId)
    }
    try {
      const stream = await this.#open(peerId, AbortSignal.timeout(OPEN_TIMEOUT_MS))
      stream.addEventListener('close', forget)
      writer.attach(stream)
    } catch {
      forget()
    }
  }

  #retire(writer: StripeWriter): void {
    this.#sentByGone += writer.sent
    this.#droppedByGone += writer.dropped
    writer.close()
  }

  #sum(of: (writer: StripeWriter) => number, start: number): number {
    let sum = start
    for (const writers of this.#writers.values()) for (const writer of writers.values()) sum += of(writer)
    return sum
  }
}
