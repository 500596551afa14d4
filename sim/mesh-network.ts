import type { MeshAction } from '@shared/mesh/mesh-action'
import type { MeshEvent } from '@shared/mesh/mesh-event'
import type { MeshMessage } from '@shared/mesh/mesh-message'
import { MeshNode } from '@shared/mesh/mesh-node'
import type { MeshSettings } from '@shared/mesh/mesh-settings'
import { mix, type SourceChoice } from '@shared/mesh/source-choice'
import { controlBytes } from './control-bytes'
import { Links } from './links'
import { seededRandom } from './seeded-random'
import { TimeWheel } from './time-wheel'

/** The broadcaster's key. */
export const SOURCE = 0

export interface NetworkOptions {
  seed: number
  /** Viewers are keys 1 to `viewers`. */
  viewers: number
  settings: MeshSettings
  sourceBps: number
  /** Of viewer `key`, bits a second. */
  uplinkBps: Float64Array
  /** Median one way, milliseconds, without `processingMs`. */
  hopMs: number
  /** Spread of the lognormal hop; 0: fixed. */
  sigma: number
  processingMs: number
  /** Part of the control messages that are lost, 0 to 1. */
  loss: number
  choose?: SourceChoice
  /** Median one way between two, milliseconds, instead of `hopMs`. */
  distanceMs?: (a: number, b: number) => number
  /** False for two that no link can be made between (both behind a strict NAT); the source is reached by everybody. */
  canPair?: (a: number, b: number) => boolean
  /** A viewer's uplink is known so long after it came (a timed burst); by default it is only found out by serving. */
  provedMs?: number
}

/** Setting up a link costs so many round trips before the first message (TCP or WebRTC, then Noise). */
const DIAL_ROUND_TRIPS = 2
const LINK_TIMEOUT_MS = 3_000
const TICK: MeshEvent<number> = { type: 'tick' }
/** Receipts come so often. */
const CONFIRM_MS = 130
type What =
  | MeshMessage<number>
  /** Pieces of a stripe that a repair brings. */
  | { type: 'pieces'; stripe: number; first: number; last: number }
  /** The node's tick. */
  | null
  /** Its children's receipts. */
  | 'confirm'
  | (() => void)

/** Members of one show over a network of delays, with the decision module of the app. Media pieces are not moved one by one. */
export class MeshNetwork {
  readonly wheel = new TimeWheel<What>()
  readonly random: () => number
  readonly nodes: (MeshNode<number> | undefined)[]
  readonly alive: Uint8Array
  /** Control messages sent, by key. */
  readonly sent: Uint32Array
  /** Control bytes that the broadcaster got and sent, by second. */
  readonly registrarBytes: ({ in: number; out: number } | undefined)[] = []
  /** When a viewer joined, and when it had all stripes for the first time; -1: not yet. */
  readonly joinedAt: Float64Array
  readonly servedAt: Float64Array
  readonly #ticks: Float64Array
  readonly #confirming: Uint8Array
  readonly #out: MeshAction<number>[] = []
  readonly #members: number[] = []
  readonly links: Links
  /** The newest piece of a stripe that a viewer has; all that there are, while nobody looks closer. */
  newestOf: (key: number, stripe: number) => number = () => this.newest
  /** Told of pieces that a repair brought. */
  onPieces: ((key: number, stripe: number, first: number, last: number) => void) | null = null
  /** Told of each action that is no message. */
  onAction: ((who: number, action: MeshAction<number>, now: number) => void) | null = null

  constructor(readonly options: NetworkOptions) {
    const count = options.viewers + 1
    this.random = seededRandom(options.seed)
    this.nodes = new Array<MeshNode<number> | undefined>(count)
    this.alive = new Uint8Array(count)
    this.sent = new Uint32Array(count)
    this.joinedAt = new Float64Array(count).fill(-1)
    this.servedAt = new Float64Array(count).fill(-1)
    this.#ticks = new Float64Array(count).fill(Infinity)
    this.#confirming = new Uint8Array(count)
    this.links = new Links(count, options.settings.stripes)
    this.#create(SOURCE, options.sourceBps)
    this.alive[SOURCE] = 1
    this.tell(SOURCE, { type: 'start', members: [] })
  }

  get now(): number {
    return this.wheel.now
  }

  /** The newest piece that the source has sent. */
  get newest(): number {
    return Math.floor(this.now / this.options.settings.pieceMs)
  }

  #create(key: number, uplinkBps: number): void {
    this.nodes[key] = new MeshNode<number>({
      self: key,
      source: SOURCE,
      settings: this.options.settings,
      random: this.random,
      uplinkBps,
      newest: (stripe) => this.newestOf(key, stripe),
      ...(this.options.choose ? { choose: this.options.choose } : {}),
    })
  }

  /** Viewer `key` comes and knows a few that are here already, as discovery would tell. */
  join(key: number): void {
    // The owner's limit tells who cannot upload at all; how much the others can has to be proven.
    this.#create(key, this.options.uplinkBps[key]! === 0 ? 0 : Infinity)
    this.alive[key] = 1
    this.joinedAt[key] = this.now
    const members: number[] = []
    for (let n = 0; n < 4 && this.#members.length > 0; n++) {
      const member = this.#members[Math.floor(this.random() * this.#members.length)]!
      if (this.alive[member]) members.push(member)
    }
    this.#members.push(key)
    this.tell(key, { type: 'start', members })
    const { provedMs, uplinkBps } = this.options
    if (provedMs === undefined || uplinkBps[key]! === 0) return
    this.at(this.now + provedMs, () => this.tell(key, { type: 'proved', uplinkBps: uplinkBps[key]! }))
  }

  tell(key: number, event: MeshEvent<number>): void {
    const node = this.nodes[key]
    if (!node || this.alive[key] === 0) return
    const out = this.#out
    const first = out.length
    node.handle(this.now, event, out)
    for (let i = first; i < out.length; i++) this.#act(key, out[i]!)
    // Popped, as setting the length is a call into the engine.
    while (out.length > first) out.pop()
    if (node.wakeAt < this.#ticks[key]!) {
      this.#ticks[key] = node.wakeAt
      this.wheel.put(node.wakeAt, key, null)
    }
  }

  /** One way between two, milliseconds; the same both ways and all the time. */
  hop(a: number, b: number): number {
    const { sigma, processingMs, distanceMs } = this.options
    const hopMs = distanceMs === undefined ? this.options.hopMs : distanceMs(a, b)
    if (sigma === 0) return hopMs + processingMs
    const key = mix(Math.min(a, b) * 0x9e3779b1 + mix(Math.max(a, b) + this.options.seed))
    const u = (mix(key ^ 0x5bd1e995) + 0.5) / 4294967296
    const v = key / 4294967296
    return hopMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)) + processingMs
  }

  #act(key: number, action: MeshAction<number>): void {
    if (action.type === 'send') {
      this.sent[key]!++
      const { message, to } = action
      if (key === SOURCE) this.#registrarSecond().out += controlBytes(message)
      else if (to === SOURCE) this.#registrarSecond().in += controlBytes(message)
      if (this.options.canPair?.(key, to) === false) {
        this.#unreachable(to, key)
        return
      }
      if (this.options.loss > 0 && this.random() < this.options.loss) return
      const hop = this.hop(key, to)
      const dial = this.#isLinked(key, to, message) ? 0 : 2 * DIAL_ROUND_TRIPS * hop
      this.wheel.put(this.now + dial + hop, to, message, key)
      return
    }
    this.links.took(this, key, action)
    if (action.type === 'serve') this.carry(key, action.to, action.stripe, action.from, action.until)
    else if (action.type === 'forward' && action.on && this.#confirming[key] === 0 && key !== SOURCE) {
      this.#confirming[key] = 1
      this.wheel.put(this.now + CONFIRM_MS, key, 'confirm')
    } else if (action.type === 'parent' && action.parent !== null && this.servedAt[key]! < 0) {
      if (!this.nodes[key]!.view.parent.includes(null)) this.servedAt[key] = this.now
    }
    this.onAction?.(key, action, this.now)
  }

  #registrarSecond(): { in: number; out: number } {
    return (this.registrarBytes[Math.floor(this.now / 1_000)] ??= { in: 0, out: 0 })
  }

  /** Sends pieces once, as far as they are there. */
  carry(key: number, to: number, stripe: number, first: number, until: number): void {
    const last = Math.min(until, this.newestOf(key, stripe))
    if (last >= first && this.links.mute[key] === 0)
      this.wheel.put(this.now + this.hop(key, to), to, { type: 'pieces', stripe, first, last })
  }

  /** Answers come back by the link of the question; only who asks somebody new has to dial. */
  #isLinked(key: number, to: number, message: MeshMessage<number>): boolean {
    if (message.type === 'audit' || message.type === 'assign' || message.type === 'redirect') return true
    if (message.type === 'attach')
      return this.nodes[key]!.view.standby[message.stripe] === to && message.mode === 'serve'
    if (message.type !== 'report') return true
    const { view } = this.nodes[key]!
    return view.room > 0
  }

  /** Slots that the uplink of a viewer really carries. */
  trueSlots(key: number): number {
    const { sourceBps, uplinkBps, settings } = this.options
    return Math.floor((key === SOURCE ? sourceBps : uplinkBps[key]!) / settings.stripeBps + 1e-9)
  }

  #confirm(key: number): void {
    const node = this.nodes[key]!
    const used = node.view.children.peers.length
    const slots = this.trueSlots(key)
    if (used === 0 || !(node.view.slots.mayGrow || used > slots)) {
      this.#confirming[key] = 0
      return
    }
    const pieces = (used * CONFIRM_MS) / this.options.settings.pieceMs
    const late = used > slots ? pieces * Math.max(0.06, (used - slots) / used) : 0
    this.tell(key, {
      type: 'confirmed',
      child: node.view.children.peers[0]!,
      stripe: node.view.children.stripes[0]!,
      pieces: pieces - late,
      late,
    })
    this.wheel.put(this.now + CONFIRM_MS, key, 'confirm')
  }

  at(ms: number, action: () => void): void {
    this.wheel.put(ms, SOURCE, action)
  }

  run(untilMs: number): void {
    this.wheel.run(untilMs, (key, what, from) => {
      if (typeof what === 'function') what()
      else if (this.alive[key] === 0) {
        if (what !== null && what !== 'confirm' && what.type !== 'pieces') this.#unreachable(key, from)
      } else if (what === null) {
        if (this.#ticks[key]! > this.now) return
        this.#ticks[key] = Infinity
        this.tell(key, TICK)
      } else if (what === 'confirm') this.#confirm(key)
      else if (what.type !== 'pieces') this.tell(key, { type: 'message', from, message: what })
      else this.onPieces?.(key, what.stripe, what.first, what.last)
    })
  }

  /** Nobody answers: the dialer notices after its time-out. */
  #unreachable(key: number, from: number): void {
    this.at(this.now + 1_000, () => this.tell(from, { type: 'linkDown', peer: key }))
  }

  /** The viewer leaves and says so. */
  leave(key: number): void {
    this.tell(key, { type: 'stop' })
    this.alive[key] = 0
  }

  /** The viewer vanishes without a word; those who had a link to it see that when it times out. */
  crash(key: number): void {
    this.alive[key] = 0
    const { parent, children, standby } = this.nodes[key]!.view
    const linked = new Set([...parent, ...standby, ...children.peers, ...children.standbys])
    this.at(this.now + LINK_TIMEOUT_MS, () => {
      for (const peer of linked) if (peer !== null) this.tell(peer, { type: 'linkDown', peer: key })
    })
  }
}
