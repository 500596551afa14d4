import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import type { BlockLinks } from './block-links'
import type { BlockClient } from './block-client'
import { LentBlock } from './block-memory'
import { MAX_BLOCK_BYTES } from './disk-blocks'
import { PullPlan } from './pull-plan'
import { isBlockOf } from './verify-block'

const TICK_MS = 50
/** Peers that had nothing may have it later. */
const ASK_AGAIN_MS = 2_000
/** A node that has just started takes this long to be found on a busy machine. */
const GIVE_UP_MS = 25_000
/** Where a public network is searched: by then some have answered that are far away. */
const GIVE_UP_SEARCHING_MS = 60_000
/** Nobody connected has it: then others are looked for. */
const SEARCH_AFTER_MS = 300
const SEARCH_AGAIN_MS = 10_000
const FOREIGN_AGAIN_MS = 2_000
/** A block whose size nobody told, for the plan alone. */
const GUESSED_BYTES = 64 * 1024

interface Job {
  cid: CID
  size: number | null
  /** Nobody is at it since then. */
  since: number
  askedForeignAt: number
  /** Who waits for it; each may lose interest. */
  takers: Set<{ resolve: (block: LentBlock) => void; reject: (error: Error) => void }>
  asked: Map<string, () => void>
  /** Useful bytes so far, by source. */
  got: Map<string, number>
}

/** Bytes of one pull. `duplicate`: arrived and were of no use. */
export interface PullFigures {
  bytes: number
  duplicate: number
  bySource: Map<string, number>
}

/**
 * Gets the blocks of one file from everybody who has it. Every block is verified; who sends a false one is barred and the block is
 * asked for elsewhere.
 */
export class FileSwarm {
  readonly figures: PullFigures = { bytes: 0, duplicate: 0, bySource: new Map() }
  readonly #plan = new PullPlan()
  readonly #clients = new Map<string, BlockClient>()
  readonly #jobs = new Map<string, Job>()
  readonly #asking = new Set<string>()
  readonly #stopListening: () => void
  readonly #timer: NodeJS.Timeout
  #askedAllAt = 0
  #closed = false
  #turn = false
  #searching = false
  #searchedAt = -Infinity
  readonly #stop = new AbortController()

  constructor(
    private readonly root: CID,
    private readonly links: BlockLinks,
    /** Foreign nodes, by bitswap; null where there are none. */
    private readonly foreign: ((cid: CID, signal: AbortSignal) => Promise<Uint8Array | null>) | null,
    /** Connects to those who have the file; null where nobody is looked for. */
    private readonly find: ((cid: CID, signal: AbortSignal) => Promise<unknown>) | null = null,
  ) {
    this.#stopListening = links.onPeer((peerId) => void this.#join(peerId))
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#askAll()
  }

  /** Peers that have the file, or parts. */
  get sources(): string[] {
    return this.#plan.sources
  }

  /**
   * One verified block, held for the caller. `priority`: lowest first. Throws StudioError `file-unreachable` when nobody has it, or the signal's reason.
   */
  get(cid: CID, size: number | null, priority: number, signal: AbortSignal): Promise<LentBlock> {
    return new Promise((resolve, reject) => {
      if (signal.aborted || this.#closed) {
        reject(signal.aborted ? asError(signal.reason) : closedError())
        return
      }
      const key = cid.toString()
      let job = this.#jobs.get(key)
      if (!job) {
        job = { cid, size, since: Date.now(), askedForeignAt: 0, takers: new Set(), asked: new Map(), got: new Map() }
        this.#jobs.set(key, job)
      }
      const current = job
      const taker = {
        resolve: (block: LentBlock): void => {
          signal.removeEventListener('abort', leave)
          resolve(block)
        },
        reject: (error: Error): void => {
          signal.removeEventListener('abort', leave)
          reject(error)
        },
      }
      const leave = (): void => {
        current.takers.delete(taker)
        if (current.takers.size === 0) this.#drop(key)
        reject(asError(signal.reason))
      }
      signal.addEventListener('abort', leave, { once: true })
      current.takers.add(taker)
      this.#plan.add(key, size ?? GUESSED_BYTES, priority)
      this.#soon()
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    this.#stop.abort(closedError())
    this.#stopListening()
    for (const [key, job] of [...this.#jobs]) {
      this.#drop(key)
      for (const taker of job.takers) taker.reject(closedError())
    }
  }

  #askAll(): void {
    this.#askedAllAt = Date.now()
    for (const peerId of this.links.peers()) void this.#join(peerId)
  }

  async #join(peerId: string): Promise<void> {
    if (this.#closed || this.#asking.has(peerId) || this.#plan.sources.includes(peerId)) return
    this.#asking.add(peerId)
    const client = await this.links.open(peerId)
    const holding = (await client?.holding(this.root)) ?? 'none'
    this.#asking.delete(peerId)
    if (client === null || client.closed || holding === 'none' || !this.#running()) return
    this.#clients.set(peerId, client)
    this.#plan.addSource(peerId)
    this.#soon()
  }

  #running(): boolean {
    return !this.#closed
  }

  /** News come in bursts: one look after all of them. */
  #soon(): void {
    if (this.#turn || this.#closed) return
    this.#turn = true
    queueMicrotask(() => {
      this.#turn = false
      if (!this.#closed) this.#step()
    })
  }

  #tick(): void {
    if (this.#jobs.size === 0) return
    const now = Date.now()
    if (now - this.#askedAllAt > ASK_AGAIN_MS) this.#askAll()
    this.#step()
    for (const [key, job] of [...this.#jobs]) {
      const byBitswap = job.asked.has('bitswap')
      if (job.asked.size > (byBitswap ? 1 : 0)) job.since = now
      const nobody = this.#plan.sources.length === 0 || this.#plan.hopeless(key)
      if (!nobody) continue
      const waited = now - job.since
      if (waited > SEARCH_AFTER_MS) this.#search(now)
      if (byBitswap) continue
      if (waited > (this.#searching ? GIVE_UP_SEARCHING_MS : GIVE_UP_MS)) {
        this.#drop(key)
        for (const taker of job.takers) taker.reject(unreachable())
      } else if (waited > 1_000 && now - job.askedForeignAt > FOREIGN_AGAIN_MS) this.#askForeign(key, job, now)
    }
  }

  /** The whole file is looked for, not the block: only roots are announced. */
  #search(now: number): void {
    if (this.find === null || this.#searching || now - this.#searchedAt < SEARCH_AGAIN_MS) return
    this.#searching = true
    void this.find(this.root, this.#stop.signal)
      .catch(() => undefined)
      .finally(() => {
        this.#searching = false
        this.#searchedAt = Date.now()
      })
  }

  #step(): void {
    for (const step of this.#plan.steps(performance.now())) {
      const job = this.#jobs.get(step.key)
      if (!job) continue
      if (step.do === 'drop') {
        job.asked.get(step.source)?.()
        job.asked.delete(step.source)
        this.#waste(job, step.source)
      } else this.#ask(step.source, step.key, job)
    }
  }

  #ask(peerId: string, key: string, job: Job): void {
    const client = this.#clients.get(peerId)
    if (!client) {
      this.#plan.removeSource(peerId)
      this.#soon()
      return
    }
    const takeBack = client.want(job.cid, job.size ?? MAX_BLOCK_BYTES, job.size !== null, {
      progress: (bytes) => {
        job.got.set(peerId, (job.got.get(peerId) ?? 0) + bytes)
        this.#plan.progress(peerId, key, bytes, performance.now())
      },
      block: (bytes) => {
        job.asked.delete(peerId)
        if (isBlockOf(job.cid, bytes)) this.#arrived(key, job, new LentBlock(bytes, this.links.memory), peerId)
        else {
          this.links.memory.give(bytes)
          this.links.bar(peerId)
          this.#lose(peerId)
          this.#waste(job, peerId)
        }
        this.#soon()
      },
      refused: (reason) => {
        job.asked.delete(peerId)
        this.#waste(job, peerId)
        if (reason === 'closed') this.#lose(peerId)
        else if (reason === 'busy') this.#plan.busy(peerId, key, performance.now())
        else this.#plan.missing(peerId, key)
        this.#soon()
      },
    })
    job.asked.set(peerId, takeBack)
  }

  #arrived(key: string, job: Job, block: LentBlock, from: string): void {
    const { figures } = this
    const { length } = block.bytes
    figures.bytes += length
    figures.bySource.set(from, (figures.bySource.get(from) ?? 0) + length)
    job.got.delete(from)
    this.#drop(key, from)
    for (const taker of job.takers) taker.resolve(block.hold())
    block.drop()
  }

  #lose(peerId: string): void {
    this.#plan.removeSource(peerId)
    this.#clients.delete(peerId)
  }

  /** Nobody needs the block any more. */
  #drop(key: string, deliveredBy?: string): void {
    const job = this.#jobs.get(key)
    if (!job) return
    this.#jobs.delete(key)
    this.#plan.remove(key, deliveredBy)
    for (const [peerId, takeBack] of job.asked) {
      takeBack()
      this.#waste(job, peerId)
    }
    job.asked.clear()
    this.#soon()
  }

  #waste(job: Job, peerId: string): void {
    this.figures.duplicate += job.got.get(peerId) ?? 0
    job.got.delete(peerId)
  }

  #askForeign(key: string, job: Job, now: number): void {
    if (this.foreign === null) return
    job.askedForeignAt = now
    const stop = new AbortController()
    job.asked.set('bitswap', () => stop.abort())
    void this.foreign(job.cid, AbortSignal.any([stop.signal, AbortSignal.timeout(GIVE_UP_MS * 2)]))
      .catch(() => null)
      .then((bytes) => {
        job.asked.delete('bitswap')
        if (bytes !== null && this.#jobs.get(key) === job && isBlockOf(job.cid, bytes)) {
          this.#arrived(key, job, new LentBlock(bytes), 'bitswap')
        }
      })
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

function closedError(): StudioError {
  return new StudioError('file-closed', 'This file was closed.')
}

function unreachable(): StudioError {
  return new StudioError(
    'file-unreachable',
    'Nobody who is connected has this file, or a part of it. Ask the person who shared it to be online, then try again.',
  )
}
