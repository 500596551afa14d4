import type { Stream } from '@libp2p/interface'
import { MeshFault } from '@shared/mesh/byte-reader'
import type { MeshAction } from '@shared/mesh/mesh-action'
import type { MeshEvent } from '@shared/mesh/mesh-event'
import type { MeshItem } from '@shared/mesh/mesh-item'
import { MeshNode } from '@shared/mesh/mesh-node'
import type { MeshSettings } from '@shared/mesh/mesh-settings'
import { decodeControl, encodeControl, type ControlFrame } from '@shared/mesh/mesh-wire'
import type { SealedChunk } from './chunk-sealer'
import { OutgoingMessages } from './outgoing-messages'
import { PiecePlane, RELAY_SENDER } from './piece-plane'
import { SecondParents } from './second-parents'
import { MOST_WAITING_AT_SOURCE_MS } from './stripe-writer'

/** How a member of a mesh reaches the others; the live streams of the show are used. */
export interface MeshLinks {
  /** Sends the body of a MESH frame; false without a stream to this peer. */
  send: (peerId: string, body: Uint8Array) => boolean
  /** The stream that `send` takes, to be told from another one to the same peer; null: there is none. */
  stream: (peerId: string) => object | null
  /** Tries to get a stream to this peer; `linkUp` tells when it is there. */
  connect: (peerId: string) => void
  /** Tells a peer where others are, before a message that names them; null: it knows. */
  introduce: (to: string, about: string[]) => Promise<void> | null
  openStripe: (peerId: string, signal: AbortSignal) => Promise<Stream>
  /** Drops a peer for good: it sent what no honest member sends. */
  refuse: (peerId: string, reason: string) => void
}

export interface MeshMemberOptions {
  ownPeerId: string
  showCid: string
  /** The broadcaster. */
  source: string
  publicKey: Uint8Array
  settings: MeshSettings
  /** The owner's limit, bits a second; of the broadcaster what its line carries. */
  uplinkBps: number
  links: MeshLinks
  onItems: (items: MeshItem[]) => void
  onGap: () => void
  /** Somebody was told that there is no place here. */
  onNoPlace?: () => void
  /** A child says how many pieces came in time, their bytes together, and how many late. */
  onConfirmed?: (peerId: string, pieces: number, late: number, bytes: number) => void
  /** Peers alone have brought all of a chunk. @param timeMs of the chunk */
  onPeersBrought?: (timeMs: number) => void
  /** What came from a relay is not of this show. */
  onRelayFault?: (fault: string) => void
  /** The mesh brings this member the records, or no longer does. */
  onCarried: (peerId: string, on: boolean) => void
}

const LOOK_MS = 20
const RECEIPTS_MS = 250
const PING_MS = 10_000
/** Second parents are dialled when the first has sent something, or after so long: until then all goes to the first picture. */
const SECOND_MS = 700

/**
 * One member of the mesh of a show: carries the actions of the decision module (`MeshNode`) over libp2p, and what
 * happens there back to it as events.
 */
export class MeshMember {
  readonly plane: PiecePlane
  readonly #node: MeshNode<string>
  readonly #links: MeshLinks
  readonly #outgoing: OutgoingMessages
  readonly #pings = new Map<string, { token: number; at: number }>()
  readonly #barredUntil = new Map<string, number>()
  readonly #seconds: SecondParents
  readonly #timers: NodeJS.Timeout[]
  #wake: NodeJS.Timeout | undefined
  readonly #onNoPlace: () => void
  readonly #onRelayFault: (fault: string) => void
  readonly #onCarried: (peerId: string, on: boolean) => void
  readonly #onConfirmed: NonNullable<MeshMemberOptions['onConfirmed']>
  /** As the plan of the show has it. */
  readonly #pieceBytes: number
  #carried = false
  #token = 0
  #stopped = false
  #relayStripes = 0

  constructor(options: MeshMemberOptions) {
    const { ownPeerId, showCid, source, publicKey, settings, uplinkBps, links, onItems, onGap } = options
    this.#onNoPlace = options.onNoPlace ?? ((): void => undefined)
    this.#onRelayFault = options.onRelayFault ?? ((): void => undefined)
    this.#onCarried = options.onCarried
    this.#onConfirmed = options.onConfirmed ?? ((): void => undefined)
    this.#pieceBytes = (settings.stripeBps * settings.pieceMs) / 8_000
    this.#links = links
    this.#outgoing = new OutgoingMessages(links, (peer) => this.#take({ type: 'linkDown', peer }))
    this.#seconds = new SecondParents(
      (to, message) => this.#outgoing.send(to, message),
      (peer) => this.#outgoing.linked.has(peer),
    )
    const isSource = ownPeerId === source
    this.plane = new PiecePlane(
      {
        ...{ showCid, publicKey, stripes: settings.stripes, openStripe: links.openStripe },
        ...(isSource ? { mostWaitingMs: MOST_WAITING_AT_SOURCE_MS } : {}),
      },
      {
        onItems: (items) => {
          onItems(items)
          this.#seconds.ask()
        },
        onGap,
        onLiar: (peerId, fault) => this.#liar(peerId, fault),
        onBroken: (peerId) => this.#take({ type: 'linkDown', peer: peerId }),
        ...(options.onPeersBrought ? { onPeersBrought: options.onPeersBrought } : {}),
      },
    )
    this.#node = new MeshNode<string>({
      self: ownPeerId,
      source,
      settings,
      random: Math.random,
      uplinkBps,
      newest: (stripe) => this.plane.newestOf(stripe),
    })
    this.#timers = [
      setInterval(() => this.#sendReceipts(), RECEIPTS_MS),
      setInterval(() => {
        for (const peer of this.#outgoing.linked) this.#ping(peer)
      }, PING_MS),
      ...(isSource ? [] : [setInterval(() => this.#look(), LOOK_MS)]),
    ]
  }

  /** Stripes that no peer serves now. */
  get unserved(): number {
    return this.#relayStripes
  }

  /** Whom this node gets each stripe from, and how many children it has; for statistics. */
  get place(): { parents: (string | null)[]; children: number; slots: number } {
    const { parent, children, slots } = this.#node.view
    return { parents: [...parent], children: children.peers.length, slots: slots.total }
  }

  /** What its children take of the uplink by right, bits a second. */
  get promisedBps(): number {
    const { children, settings } = this.#node.view
    return children.used * settings.stripeBps
  }

  start(members: readonly string[]): void {
    this.#timers.push(setTimeout(() => this.#seconds.ask(), SECOND_MS))
    this.#take({ type: 'start', members })
  }

  /** The broadcaster's own pieces. */
  publish(chunks: readonly SealedChunk[]): void {
    for (const chunk of chunks) this.plane.publish(chunk)
  }

  /** Of the broadcaster: what it has for the mesh now, bits a second. */
  setMeasured(uplinkBps: number): void {
    this.#take({ type: 'measured', uplinkBps })
  }

  /** Whether the mesh brings this member the records: nobody has to announce what it has. */
  setCarried(on: boolean): void {
    if (on === this.#carried) return
    this.#carried = on
    for (const peerId of this.#outgoing.linked) this.#links.send(peerId, encodeControl({ type: 'carried', on }))
  }

  /** The owner's limit, or what the broadcaster's line carries. */
  setUplink(limitBps: number): void {
    this.#take({ type: 'uplink', limitBps })
  }

  /** What this node's line was seen to carry at least, bits a second: the registrar gives it a place that fits. */
  setProved(uplinkBps: number): void {
    this.#take({ type: 'proved', uplinkBps, atLeast: true })
  }

  /** A live stream to this peer is open. */
  linkUp(peerId: string): void {
    if (this.#stopped) return
    this.#outgoing.up(peerId)
    this.#take({ type: 'linkUp', peer: peerId })
    this.#outgoing.flush(peerId)
    if (this.#carried) this.#links.send(peerId, encodeControl({ type: 'carried', on: true }))
    this.#ping(peerId)
  }

  /** A stream to this peer was opened from here: who waits to be asked something is asked before it has answered the greeting. */
  linkOpening(peerId: string): void {
    this.#outgoing.opening(peerId)
  }

  /** Addresses of others were told: whom could not be reached before is tried again. */
  retry(): void {
    this.#outgoing.retry()
  }

  /** It is closed. */
  linkDown(peerId: string): void {
    this.#outgoing.down(peerId)
    this.#pings.delete(peerId)
    this.plane.drop(peerId)
    this.#take({ type: 'linkDown', peer: peerId })
  }

  /** The body of a MESH frame. */
  onControl(peerId: string, body: Uint8Array): void {
    if (this.#stopped || (this.#barredUntil.get(peerId) ?? 0) > Date.now()) return
    let frame: ControlFrame | null
    try {
      frame = decodeControl(body)
    } catch (error) {
      if (!(error instanceof MeshFault)) throw error
      this.#liar(peerId, error.fault)
      return
    }
    if (frame === null) return
    switch (frame.type) {
      case 'receipts':
        for (const { stripe, pieces, late } of frame.receipts) {
          this.#take({ type: 'confirmed', child: peerId, stripe, pieces, late })
          this.#onConfirmed(peerId, pieces, late, pieces * this.#pieceBytes)
        }
        return
      case 'ping':
        this.#links.send(peerId, encodeControl({ type: 'pong', token: frame.token }))
        return
      case 'pong': {
        const ping = this.#pings.get(peerId)
        if (ping?.token !== frame.token) return
        this.#pings.delete(peerId)
        this.#take({ type: 'rtt', peer: peerId, ms: performance.now() - ping.at })
        return
      }
      case 'carried':
        this.#onCarried(peerId, frame.on)
        return
      case 'message':
        if ('stripe' in frame.message && frame.message.stripe >= this.#node.view.settings.stripes) return
        this.#take({ type: 'message', from: peerId, message: frame.message })
    }
  }

  stop(): void {
    if (this.#stopped) return
    this.#take({ type: 'stop' })
    this.#stopped = true
    clearTimeout(this.#wake)
    for (const timer of this.#timers) clearInterval(timer)
    this.#outgoing.stop()
    this.plane.stop()
  }

  #take(event: MeshEvent<string>): void {
    if (this.#stopped) return
    const actions: MeshAction<string>[] = []
    this.#node.handle(performance.now(), event, actions)
    for (const action of actions) this.#do(action)
    clearTimeout(this.#wake)
    const { wakeAt } = this.#node
    if (wakeAt === Infinity) return
    this.#wake = setTimeout(() => this.#take({ type: 'tick' }), Math.max(1, wakeAt - performance.now()))
  }

  #do(action: MeshAction<string>): void {
    switch (action.type) {
      case 'send':
        if (action.message.type === 'refuse' && action.message.mode === 'serve') this.#onNoPlace()
        if (!this.#seconds.hold(action.to, action.message)) this.#outgoing.send(action.to, action.message)
        return
      case 'dial':
        if (this.#outgoing.linked.has(action.peer) || this.#seconds.isHeld(action.peer)) return
        this.#links.connect(action.peer)
        return
      case 'hangUp': // the live stream stays for segments
        this.plane.links.closeTo(action.peer)
        return
      case 'forward':
        if (action.on) this.plane.forward(action.stripe, action.child, action.after, action.capacity)
        else this.plane.stopForwarding(action.stripe, action.child)
        return
      case 'serve':
        this.plane.serve(action.to, action.stripe, action.from, action.until)
        return
      case 'relay':
        this.#relayStripes = action.stripes.length
        return
      case 'bar':
        this.#barredUntil.set(action.peer, Date.now() + action.untilMs - performance.now())
        this.plane.drop(action.peer)
        return
      case 'parent': // lateness is judged on the stripe, whoever sends it
        return
    }
  }

  #liar(peerId: string, fault: string): void {
    if (peerId === RELAY_SENDER) {
      this.#onRelayFault(fault)
      return
    }
    this.plane.drop(peerId)
    this.#take({ type: 'liar', peer: peerId })
    this.#links.refuse(peerId, fault)
  }

  #look(): void {
    for (const news of this.plane.look(performance.now())) this.#take(news)
  }

  #sendReceipts(): void {
    for (const [peerId, receipts] of this.plane.takeReceipts()) {
      if (this.#outgoing.linked.has(peerId)) this.#links.send(peerId, encodeControl({ type: 'receipts', receipts }))
    }
  }

  #ping(peerId: string): void {
    const token = (this.#token = (this.#token + 1) >>> 0)
    this.#pings.set(peerId, { token, at: performance.now() })
    this.#links.send(peerId, encodeControl({ type: 'ping', token }))
  }
}
