import { SOURCE, type MeshNetwork } from './mesh-network'

/** A stripe that does not come is told as late so often, first after this time: three pieces and their jitter. */
const SILENCE_MS = 120
const AGAIN_MS = 60
const FLOWING = -1
/** A player behind its buffer catches up by this part of real time (live.md section 6). */
const CATCH_UP = 0.01

/** Part of the viewers, and of their watching time, that a play-out buffer of so many milliseconds could not cover. */
export interface Stalls {
  bufferMs: number
  viewers: number
  time: number
}

/**
 * The data plane of a simulated room: which pieces reach whom and when, what is told as late, and what a player with a buffer
 * makes of it. Pieces are counted, not moved one by one: a stripe flows, or its newest piece stays behind.
 */
export class Playout {
  readonly #newest: Int32Array
  /** Since when a stripe does not flow. */
  readonly #dryAt: Float64Array
  readonly #late: Uint8Array
  readonly #toldAt: Float64Array
  readonly #worst: Float64Array
  /** By buffer: stalled so far, and how far the player is behind by that. */
  readonly #stalled: Float64Array[]
  readonly #behind: Float64Array[]
  readonly #behindAt: Float64Array
  /** How long it took until a stripe that was lost had a parent that it flows from, milliseconds. */
  readonly repairs: number[] = []
  readonly #hit: Uint8Array
  #watched = 0
  /** 1 for who sends forged pieces: a child sees that at the first one. */
  readonly forgers: Uint8Array

  constructor(
    private readonly network: MeshNetwork,
    private readonly buffersMs: readonly number[],
  ) {
    const count = network.nodes.length
    const places = count * network.options.settings.stripes
    this.#newest = new Int32Array(places).fill(FLOWING)
    this.#dryAt = new Float64Array(places)
    this.#toldAt = new Float64Array(places)
    this.#late = new Uint8Array(places)
    this.#worst = new Float64Array(count)
    this.#stalled = buffersMs.map(() => new Float64Array(count))
    this.#behind = buffersMs.map(() => new Float64Array(count))
    this.#behindAt = new Float64Array(count)
    this.#hit = new Uint8Array(count)
    this.forgers = new Uint8Array(count)
    network.newestOf = (key, stripe) => {
      const held = this.#newest[network.links.at(key, stripe)]!
      return held === FLOWING ? network.newest : held
    }
    network.onPieces = (key, stripe, first, last) => this.#repaired(key, stripe, first, last)
  }

  /** Runs until `untilMs` and looks every `stepMs`. */
  run(untilMs: number, stepMs: number): void {
    this.#look(stepMs)
    while (this.network.now < untilMs) {
      this.network.run(Math.min(untilMs, this.network.now + stepMs))
      this.#look(stepMs)
    }
  }

  #look(stepMs: number): void {
    const { network } = this
    const { alive, links, now, servedAt, options } = network
    const { stripes } = options.settings
    const reach = links.reach(alive)
    for (let key = SOURCE + 1; key < alive.length; key++) {
      if (alive[key] === 0 || servedAt[key]! < 0) continue
      this.#watched += stepMs
      for (let stripe = 0; stripe < stripes; stripe++) {
        const at = links.at(key, stripe)
        if (reach[at] !== 1) this.#dry(key, stripe)
        else if (this.#newest[at] !== FLOWING) {
          this.#judge(key, stripe)
          this.#newest[at] = FLOWING
          this.repairs.push(now - this.#dryAt[at]!)
          this.#flows(key, stripe)
        }
      }
    }
  }

  #dry(key: number, stripe: number): void {
    const { network } = this
    const { links, now } = network
    const at = links.at(key, stripe)
    if (this.#newest[at] === FLOWING) {
      this.#newest[at] = network.newest
      this.#dryAt[at] = this.#toldAt[at] = now
      this.#toldAt[at] += SILENCE_MS - AGAIN_MS
      this.#hit[key] = 1
    }
    const parent = links.parentOf[at]!
    if (parent === -1 || now - this.#toldAt[at]! < AGAIN_MS) return
    this.#toldAt[at] = now
    if (this.forgers[parent] === 1) {
      network.tell(key, { type: 'liar', peer: parent })
      return
    }
    this.#late[at] = 1
    const from = this.#newest[at]! + 1
    network.tell(key, { type: 'late', stripe, from, until: Math.max(from, network.newest) })
  }

  #flows(key: number, stripe: number): void {
    const at = this.network.links.at(key, stripe)
    if (this.#late[at] === 0) return
    this.#late[at] = 0
    this.network.tell(key, { type: 'flowing', stripe })
  }

  /** The next piece of a stripe has come, or is still out: how late is it, and does the buffer cover that? */
  #judge(key: number, stripe: number): void {
    const { now, options, links } = this.network
    const { pieceMs } = options.settings
    const at = links.at(key, stripe)
    const lateMs = now - (this.#newest[at]! + 1) * pieceMs
    if (lateMs > this.#worst[key]!) this.#worst[key] = lateMs
    const caughtUp = CATCH_UP * (now - this.#behindAt[key]!)
    for (let i = 0; i < this.buffersMs.length; i++) {
      const bufferMs = this.buffersMs[i]!
      const behind = Math.max(0, this.#behind[i]![key]! - caughtUp)
      const more = Math.max(0, lateMs - bufferMs - behind)
      this.#stalled[i]![key]! += more
      this.#behind[i]![key] = behind + more
    }
    this.#behindAt[key] = now
  }

  #repaired(key: number, stripe: number, first: number, last: number): void {
    const { network } = this
    const at = network.links.at(key, stripe)
    const held = this.#newest[at]!
    if (held === FLOWING || first > held + 1 || last <= held) return
    this.#judge(key, stripe)
    this.#newest[at] = last
    this.#flows(key, stripe)
    // Pieces are passed on, whoever brought them.
    const { children } = network.nodes[key]!.view
    for (const [i, child] of children.peers.entries()) {
      if (children.stripes[i] === stripe) network.carry(key, child, stripe, first, last)
    }
  }

  /** What is still out is judged as if it came now. */
  finish(): void {
    const { links, alive, options } = this.network
    for (let key = 0; key < alive.length; key++) {
      for (let stripe = 0; stripe < options.settings.stripes && alive[key] === 1; stripe++) {
        if (this.#newest[links.at(key, stripe)] === FLOWING) continue
        this.#judge(key, stripe)
        this.repairs.push(Infinity)
      }
    }
    this.network.newestOf = () => this.network.newest
    this.network.onPieces = null
  }

  /** Viewers that have lost a stripe, whether their player saw that or not. */
  get hit(): number {
    return this.#hit.reduce((sum, hit, key) => sum + hit * this.network.alive[key]!, 0)
  }

  /** The latest piece of a viewer, milliseconds behind its time. */
  get worst(): Readonly<Float64Array> {
    return this.#worst
  }

  stalls(): Stalls[] {
    const watching = this.network.alive.reduce((sum, alive) => sum + alive, 0) - 1
    return this.buffersMs.map((bufferMs, i) => {
      let [viewers, stalledMs] = [0, 0]
      for (const [key, ms] of this.#stalled[i]!.entries()) {
        stalledMs += ms
        if (ms > 0 && this.network.alive[key] === 1) viewers++
      }
      return { bufferMs, viewers: viewers / watching, time: stalledMs / Math.max(1, this.#watched) }
    })
  }
}
