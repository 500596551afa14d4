import type { Transport } from '@libp2p/interface'
import { TokenBucket } from '@shared/mesh/token-bucket'
import type { Uint8ArrayList } from 'uint8arraylist'
import { eachConnection, type RawConnection } from '../each-connection'

/** What a line does to the bytes that leave a node. For tests and benches only. */
export interface LineShape {
  /** Of the whole node; Infinity: no limit. */
  uplinkKbps?: number
  /** One way. */
  delayMs?: number
  /** Added to the delay, evenly spread from 0. */
  jitterMs?: number
  /** Share of the slices (about packets of 8 KiB) that are lost; TCP sends them again after a round trip. */
  loss?: number
  seed?: number
}

const SLICE_BYTES = 8 * 1024
/** What a connection may hold before its writers must wait: little, so that queues show in the live protocol. */
const HELD_BYTES = 32 * 1024
/** A lost packet is noticed by what comes behind it, about a round trip later, or by a timer of 200 ms (RFC 6298 allows it). */
const LEAST_RESEND_MS = 40

interface Queue {
  slices: Uint8ArrayList[]
  bytes: number
  full: boolean
  write: (data: Uint8ArrayList) => void
  drained: () => void
  /** On the way, in order, with when they arrive (milliseconds of performance.now()). */
  travelling: { at: number; slice: Uint8ArrayList }[]
  timer: NodeJS.Timeout | null
}

/**
 * The line of one node: a token bucket (20 ms of burst) in front of all its connections, whose slices take turns, then a
 * one-way delay with jitter; a lost slice and all behind it on its connection come a round trip later, as over TCP
 * (peer.md 17). It sits below the encryption, in the path of what the transport writes.
 */
export class LinkShaper {
  /** Bytes that left. */
  sent = 0
  readonly #shape: Required<LineShape>
  readonly #bucket: TokenBucket
  readonly #queues: Queue[] = []
  #turn = 0
  #cut = false
  #timer: NodeJS.Timeout | null = null
  #random: number

  constructor(shape: LineShape) {
    this.#shape = { uplinkKbps: Infinity, delayMs: 0, jitterMs: 0, loss: 0, seed: 1, ...shape }
    const perSecond = (this.#shape.uplinkKbps * 1000) / 8
    this.#bucket = new TokenBucket(perSecond, Math.max(2 * SLICE_BYTES, perSecond * 0.02), performance.now())
    this.#random = this.#shape.seed >>> 0 || 1
  }

  /** Bytes that wait here for the line. */
  get waiting(): number {
    return this.#queues.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** A cut line carries nothing and nobody is told; what was written leaves when it is mended. */
  set cut(cut: boolean) {
    this.#cut = cut
    this.#pump()
  }

  /** A transport whose connections go through this line. */
  shape<C, T extends Transport>(create: (components: C) => T): (components: C) => T {
    return eachConnection(create, (connection) => this.#take(connection))
  }

  #take(connection: RawConnection): void {
    const write = connection.sendData.bind(connection)
    const queue: Queue = {
      slices: [],
      bytes: 0,
      full: false,
      write: (data) => {
        if (connection.status === 'open') write(data)
      },
      drained: () => void connection.safeDispatchEvent('drain'),
      travelling: [],
      timer: null,
    }
    this.#queues.push(queue)
    connection.addEventListener('close', () => {
      const index = this.#queues.indexOf(queue)
      if (index >= 0) this.#queues.splice(index, 1)
    })
    connection.sendData = (data) => {
      const { byteLength } = data
      for (let at = 0; at < byteLength; at += SLICE_BYTES) {
        queue.slices.push(data.sublist(at, Math.min(byteLength, at + SLICE_BYTES)))
      }
      queue.bytes += byteLength
      queue.full = queue.bytes > HELD_BYTES
      this.#pump()
      return { sentBytes: byteLength, canSendMore: !queue.full }
    }
  }

  #pump(): void {
    if (this.#timer !== null) return
    while (!this.#cut) {
      const queue = this.#next()
      if (queue === null) return
      const slice = queue.slices[0]!
      const now = performance.now()
      if (this.#shape.uplinkKbps !== Infinity) {
        const wait = this.#bucket.waitMs(slice.byteLength, now)
        if (wait > 0) {
          this.#timer = setTimeout(
            () => {
              this.#timer = null
              this.#pump()
            },
            Math.max(1, wait),
          )
          return
        }
        this.#bucket.spend(slice.byteLength, now)
      }
      queue.slices.shift()
      queue.bytes -= slice.byteLength
      this.sent += slice.byteLength
      this.#deliver(queue, slice, now)
      if (queue.full && queue.bytes < HELD_BYTES / 2) {
        queue.full = false
        queue.drained()
      }
    }
  }

  #deliver(queue: Queue, slice: Uint8ArrayList, now: number): void {
    const { delayMs, jitterMs, loss } = this.#shape
    let delay = delayMs + this.#next01() * jitterMs
    if (loss > 0 && this.#next01() < loss) delay += Math.max(LEAST_RESEND_MS, 2 * delayMs)
    if (delay === 0 && queue.travelling.length === 0) {
      queue.write(slice)
      return
    }
    // in order on each connection, whatever the jitter
    queue.travelling.push({ at: Math.max(queue.travelling.at(-1)?.at ?? 0, now + delay), slice })
    this.#arrive(queue)
  }

  #arrive(queue: Queue): void {
    if (queue.timer !== null) return
    for (let next = queue.travelling[0]; next !== undefined; next = queue.travelling[0]) {
      const wait = next.at - performance.now()
      if (wait > 0.5) {
        queue.timer = setTimeout(() => {
          queue.timer = null
          this.#arrive(queue)
        }, wait)
        return
      }
      queue.travelling.shift()
      queue.write(next.slice)
    }
  }

  #next(): Queue | null {
    for (let step = 0; step < this.#queues.length; step++) {
      const queue = this.#queues[(this.#turn + step) % this.#queues.length]!
      if (queue.slices.length === 0) continue
      this.#turn = (this.#turn + step + 1) % this.#queues.length
      return queue
    }
    return null
  }

  /** xorshift32: seeded, so that a run can be repeated. */
  #next01(): number {
    this.#random ^= this.#random << 13
    this.#random ^= this.#random >>> 17
    this.#random ^= this.#random << 5
    this.#random >>>= 0
    return this.#random / 0x1_0000_0000
  }
}
