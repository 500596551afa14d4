import type { CID } from 'multiformats/cid'
import type { LiveFrame } from './live-frame'
import type { LiveLink } from './live-link'

/** Why a peer did not give a block. `lied`: what it sent is not what was asked; never ask it again. */
export type FetchFaultKind = 'no' | 'stalled' | 'closed' | 'aborted' | 'lied'

export class FetchFault extends Error {
  readonly kind: FetchFaultKind

  constructor(kind: FetchFaultKind, message: string) {
    super(message)
    this.name = 'FetchFault'
    this.kind = kind
  }
}

/** Silence after which another source is tried: a few times the usual response, within these bounds. */
const FIRST_STALL_MS = 300
const MIN_STALL_MS = 200
const MAX_STALL_MS = 1500
const SMOOTHING = 0.2

interface Pending {
  size: number
  sentAt: number
  buffer: Uint8Array | null
  received: number
  /** Restarts the watch for silence. */
  progressed: () => void
  resolve: (bytes: Uint8Array) => void
  reject: (fault: FetchFault) => void
}

/** The WANTs to one peer: puts the answers together, bounded by the size that the signed record names. */
export class LinkRequests {
  readonly #link: LiveLink
  readonly #pending = new Map<number, Pending>()
  #nextId = 0
  #responseMs: number | null = null
  /** Timeouts and NOs since the last good answer. */
  failures = 0

  constructor(link: LiveLink) {
    this.#link = link
  }

  get inFlight(): number {
    return this.#pending.size
  }

  /** WANT to first byte, smoothed, milliseconds. */
  get responseMs(): number | null {
    return this.#responseMs
  }

  /**
   * Asks for `size` bytes behind a CID; the hash is the caller's to check. `mayGiveUp` is asked on each silence: true
   * when another source could do better. Throws FetchFault.
   */
  async fetch(cid: CID, size: number, signal: AbortSignal, mayGiveUp: () => boolean): Promise<Uint8Array> {
    if (this.#link.closed) throw new FetchFault('closed', 'the stream is closed')
    const id = this.#nextId
    this.#nextId = (this.#nextId + 1) >>> 0
    let timer: NodeJS.Timeout | undefined
    const abort = (): void => this.#cancel(id, new FetchFault('aborted', 'no longer needed'))
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        const watch = (): void => {
          clearTimeout(timer)
          timer = setTimeout(() => {
            if (mayGiveUp()) {
              this.failures++
              this.#cancel(id, new FetchFault('stalled', 'no data in time'))
            } else watch()
          }, this.#stallMs())
        }
        this.#pending.set(id, {
          size,
          sentAt: Date.now(),
          buffer: null,
          received: 0,
          progressed: watch,
          resolve,
          reject,
        })
        if (signal.aborted) {
          abort()
          return
        }
        signal.addEventListener('abort', abort, { once: true })
        watch()
        this.#link.send({ type: 'want', id, cid })
      })
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  /** A BLOCK of this link. Throws FetchFault `lied` for one that was never asked. */
  onBlock({ id, offset, data }: LiveFrame & { type: 'block' }): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) {
      if (id >= this.#nextId) throw new FetchFault('lied', 'a block that was not asked')
      return // cancelled, and this was on its way
    }
    if (offset !== pending.received || offset + data.length > pending.size) {
      this.#settle(id)?.reject(new FetchFault('lied', 'a block of another size'))
      return
    }
    if (pending.buffer === null) {
      const response = Date.now() - pending.sentAt
      this.#responseMs =
        this.#responseMs === null ? response : this.#responseMs + SMOOTHING * (response - this.#responseMs)
      pending.buffer = new Uint8Array(pending.size)
    }
    pending.buffer.set(data, offset)
    pending.received += data.length
    if (pending.received < pending.size) {
      pending.progressed()
      return
    }
    this.failures = 0
    this.#settle(id)?.resolve(pending.buffer)
  }

  onNo({ id, reason }: LiveFrame & { type: 'no' }): void {
    const pending = this.#settle(id)
    if (pending === undefined) return
    this.failures++
    pending.reject(new FetchFault('no', `the peer says ${reason}`))
  }

  /** The link is gone: nothing will be answered. */
  close(): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new FetchFault('closed', 'the stream closed'))
  }

  #stallMs(): number {
    if (this.#responseMs === null) return FIRST_STALL_MS
    return Math.min(MAX_STALL_MS, Math.max(MIN_STALL_MS, 100 + 4 * this.#responseMs))
  }

  #cancel(id: number, fault: FetchFault): void {
    const pending = this.#settle(id)
    if (pending === undefined) return
    this.#link.send({ type: 'cancel', id })
    pending.reject(fault)
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }
}
