import { createHash } from 'node:crypto'
import type { CID } from 'multiformats/cid'
import { sameBytes } from '@shared/live/signed-record'
import { FetchFault } from './link-requests'
import type { LiveSwarm, SwarmMember } from './live-swarm'
import { leastWait, type ChooseSource } from './source-choice'

/** Pause before sources that failed are asked again. */
const RETRY_MS = 200
/** After rounds in which somebody said NO the pause doubles up to this: asking costs the uplink of who is busy. */
const LONGEST_RETRY_MS = 1_600

export interface Fetched {
  bytes: Uint8Array
  from: string
}

/**
 * Fetches bytes by CID from the peers that hold them: one at a time, the next on NO, silence or a wrong hash. A peer that
 * sends other bytes than it was asked for is refused for good.
 */
export class SegmentFetcher {
  readonly #swarm: LiveSwarm
  readonly #choose: ChooseSource
  readonly #waiting = new Set<() => void>()

  /** @param preferViewers whether the broadcaster is asked only when no viewer holds it */
  constructor(
    swarm: LiveSwarm,
    choose: ChooseSource = leastWait,
    private readonly preferViewers: () => boolean = () => false,
  ) {
    this.#swarm = swarm
    this.#choose = choose
  }

  /**
   * `holders` says who announced the bytes, asked anew each time. Goes on until the bytes are here and their hash holds;
   * throws when the signal is aborted.
   */
  async fetch(
    cid: CID,
    size: number,
    seq: number,
    holders: () => SwarmMember[],
    signal: AbortSignal,
  ): Promise<Fetched> {
    const tried = new Set<string>()
    let retryAt = 0
    let pauseMs = RETRY_MS
    for (;;) {
      signal.throwIfAborted()
      const untried = holders().filter(({ peerId }) => !tried.has(peerId))
      const source = untried.length === 0 ? null : this.#pick(untried)
      if (source === null) {
        if (retryAt === 0) retryAt = Date.now() + pauseMs
        await this.#newHolder(retryAt - Date.now(), signal)
        if (Date.now() >= retryAt) {
          retryAt = 0
          if (this.preferViewers() && tried.size > 0) pauseMs = Math.min(LONGEST_RETRY_MS, pauseMs * 2)
          tried.clear()
        }
        continue
      }
      retryAt = 0
      tried.add(source.peerId)
      const bytes = await this.#ask(source, cid, size, seq, signal, () =>
        holders().some(({ peerId }) => !tried.has(peerId)),
      )
      if (bytes !== null) return { bytes, from: source.peerId }
    }
  }

  /** Somebody announced something: fetches without a source look again at once. */
  wake(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves when somebody announces something, or the time is over. */
  #newHolder(timeoutMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(woken)
        signal.removeEventListener('abort', aborted)
      }
      const woken = (): void => {
        leave()
        resolve()
      }
      const aborted = (): void => {
        leave()
        reject(new FetchFault('aborted', 'no longer needed'))
      }
      const timer = setTimeout(woken, timeoutMs)
      this.#waiting.add(woken)
      signal.addEventListener('abort', aborted, { once: true })
    })
  }

  #pick(untried: SwarmMember[]): SwarmMember | null {
    const viewers = this.preferViewers() ? untried.filter(({ role }) => role === 'viewer') : []
    const members = viewers.length > 0 ? viewers : untried
    const chosen = this.#choose(
      members.map(({ peerId, requests }) => ({
        peerId,
        inFlight: requests.inFlight,
        responseMs: requests.responseMs,
        failures: requests.failures,
      })),
    )
    return members.find(({ peerId }) => peerId === chosen.peerId) ?? null
  }

  async #ask(
    source: SwarmMember,
    cid: CID,
    size: number,
    seq: number,
    signal: AbortSignal,
    othersHold: () => boolean,
  ): Promise<Uint8Array | null> {
    let bytes: Uint8Array
    try {
      bytes = await source.requests.fetch(cid, size, signal, othersHold)
    } catch (error) {
      if (!(error instanceof FetchFault)) throw error
      if (error.kind === 'lied') this.#swarm.refuse(source.peerId, 'wrong-hash', seq)
      return null
    }
    if (!sameBytes(createHash('sha256').update(bytes).digest(), cid.multihash.digest)) {
      this.#swarm.refuse(source.peerId, 'wrong-hash', seq)
      return null
    }
    return bytes
  }
}
