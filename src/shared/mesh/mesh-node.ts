import { admitWaiting, isSource, onAttach, onJoin, removeChild } from './admission'
import { BarredPeers } from './barred-peers'
import { ChildTable } from './child-table'
import {
  askToServe,
  chooseHomes,
  dropStandby,
  enter,
  letGo,
  lostParent,
  nextTime,
  onAccept,
  onEnter,
  onOffer,
  onRefuse,
  onTime,
  onWelcome,
  shedChildren,
} from './joining'
import type { MeshAction } from './mesh-action'
import type { MeshEvent } from './mesh-event'
import type { MeshMessage, Status } from './mesh-message'
import { remember, send, type MeshNodeOptions, type MeshState } from './mesh-state'
import { Neighbours } from './neighbours'
import { promote } from './promotion'
import { onFlowing, onLate, onPull, onWaiting } from './repair'
import { onPlace, report, tellPlace, touch } from './reporting'
import { SOURCE_CHOICES } from './source-choice'
import { UplinkSlots } from './uplink-slots'

const TIDY_MS = 1_000

/**
 * Membership, parents, slots and repair of one member of a live show (live.md section 6), as a state machine: events in,
 * actions out, no clock and no randomness of its own. The app carries its actions over libp2p, the simulator over a list
 * of events; both run this code. Decentralised: a node knows its parents, its children and a few dozen members.
 */
export class MeshNode<P extends string | number> {
  readonly #state: MeshState<P>
  #wakeAt = 0

  constructor(options: MeshNodeOptions<P>) {
    const { stripes } = options.settings
    const fill = <T>(value: T): T[] => new Array<T>(stripes).fill(value)
    const source = options.self === options.source
    const slots = new UplinkSlots(options.settings, source ? Infinity : options.uplinkBps)
    if (source) slots.measured(options.uplinkBps)
    this.#state = {
      ...options,
      choose: options.choose ?? SOURCE_CHOICES['two-choices'],
      children: new ChildTable<P>(),
      slots,
      neighbours: new Neighbours<P>(),
      barred: new BarredPeers<P>(),
      known: [],
      started: false,
      homes: source ? Array.from({ length: stripes }, (_, stripe) => stripe) : [],
      ranks: source ? fill(0) : [],
      room: 0,
      spare: [],
      parent: fill<P | null>(null),
      standby: fill<P | null>(null),
      parentRank: fill(0),
      depth: fill(0),
      branch: fill<P | null>(null),
      standbyBranch: fill<P | null>(null),
      grand: fill<P | null>(null),
      asked: fill<P | null>(null),
      parentAt: fill(Infinity),
      standbyAt: fill(Infinity),
      tries: fill(0),
      lostAt: fill(Infinity),
      lateAt: fill(0),
      waitingUntil: fill(0),
      relayed: [],
      turn: 0,
      enterAt: Infinity,
      reportAt: Infinity,
      placeAt: Infinity,
      newsAt: Infinity,
      newsAgainAt: 0,
      reported: '',
      placed: '',
      waiting: [],
      promotions: [],
      tidyAt: Infinity,
      repairTokens: 8,
      repairAt: 0,
      out: [],
    }
  }

  /** When the next `tick` is due, milliseconds of the clock of `handle`; Infinity: none. */
  get wakeAt(): number {
    return this.#wakeAt
  }

  /** Read-only insight for statistics, tests and the simulator. */
  get view(): Readonly<MeshState<P>> {
    return this.#state
  }

  /** Takes one event at time `now` (milliseconds, never falling) and appends what is to be done to `out`. */
  handle(now: number, event: MeshEvent<P>, out: MeshAction<P>[]): void {
    const state = this.#state
    state.out = out
    this.#take(now, event)
    if (event.type !== 'stop') {
      this.#tidySoon(now)
      report(state, now)
      tellPlace(state, now)
    }
    this.#wakeAt = state.started
      ? Math.min(nextTime(state), state.reportAt, state.placeAt, state.newsAt, state.tidyAt)
      : Infinity
  }

  #take(now: number, event: MeshEvent<P>): void {
    const state = this.#state
    switch (event.type) {
      case 'start':
        state.started = true
        for (const member of event.members) remember(state, member)
        if (!isSource(state)) {
          state.lostAt.fill(now)
          enter(state, now)
        }
        return
      case 'members':
        for (const member of event.members) remember(state, member)
        return
      case 'message':
        if (state.started && !state.barred.isBarred(event.from, now)) this.#message(now, event.from, event.message)
        return
      case 'linkUp':
        return
      case 'linkDown':
        this.#linkDown(now, event.peer)
        return
      case 'rtt':
        state.neighbours.measured(event.peer, event.ms)
        return
      case 'confirmed':
        this.#confirmed(now, event)
        return
      case 'late':
        onLate(state, now, event.stripe, event.from, event.until)
        return
      case 'flowing':
        onFlowing(state, event.stripe)
        return
      case 'liar': {
        const untilMs = state.barred.bar(event.peer, now, state.random())
        this.#linkDown(now, event.peer)
        state.known = state.known.filter((peer) => peer !== event.peer)
        state.out.push({ type: 'bar', peer: event.peer, untilMs })
        return
      }
      case 'uplink':
        state.slots.limit(event.limitBps)
        this.#slotsChanged(now)
        return
      case 'measured':
        if (isSource(state)) {
          state.slots.measured(event.uplinkBps)
          this.#slotsChanged(now)
        }
        return
      case 'tick':
        this.#tick(now)
        return
      case 'stop':
        this.#stop()
    }
  }

  #message(now: number, from: P, message: MeshMessage<P>): void {
    const state = this.#state
    switch (message.type) {
      case 'enter':
        onEnter(state, from)
        return
      case 'welcome':
        onWelcome(state, now, from, message)
        return
      case 'join':
        onJoin(state, now, from, message)
        return
      case 'offer':
        onOffer(state, now, from, message)
        touch(state, now)
        return
      case 'attach':
        onAttach(state, now, from, message)
        touch(state, now)
        return
      case 'accept':
        onAccept(state, now, from, message)
        touch(state, now)
        return
      case 'refuse':
        onRefuse(state, now, from, message)
        return
      case 'leave':
        this.#childGone(now, from, message.stripe, message.mode === 'standby')
        return
      case 'drop':
        if (message.mode === 'standby') {
          if (state.standby[message.stripe] === from) dropStandby(state, now, message.stripe, false)
        } else if (state.parent[message.stripe] === from) lostParent(state, now, message.stripe)
        return
      case 'move':
        if (
          state.parent[message.stripe] === from &&
          message.to !== state.self &&
          state.asked[message.stripe] === null
        ) {
          askToServe(state, now, message.stripe, message.to)
        }
        return
      case 'status':
        this.#status(now, from, message)
        return
      case 'place':
        onPlace(state, now, from, message)
        return
      case 'pull':
        onPull(state, now, from, message)
        return
      case 'waiting':
        onWaiting(state, now, from, message.stripe, message.forMs)
        return
      case 'audit':
        send(state, from, {
          type: 'vouch',
          stripe: message.stripe,
          of: message.of,
          served: state.parent[message.stripe] === message.of,
        })
        return
      case 'deny':
      case 'vouch':
        return
    }
  }

  #status(now: number, from: P, status: Status<P>): void {
    const { children } = this.#state
    const at = children.find(from, status.stripe)
    if (at < 0) return
    children.reports[at] = { ...status, taken: 0, takenAt: 0 }
    children.capacities[at] = status.capacity
    children.ranks[at] = status.rank
    touch(this.#state, now)
    promote(this.#state, now)
  }

  #confirmed(now: number, { pieces, late }: { pieces: number; late: number }): void {
    const state = this.#state
    if (isSource(state)) return
    const wanted = state.waiting.some(({ until }) => until > now)
    if (state.slots.confirmed(now, pieces, late, state.children.used, wanted)) this.#slotsChanged(now)
  }

  #slotsChanged(now: number): void {
    const state = this.#state
    chooseHomes(state)
    for (let over = state.children.peers.length - state.slots.total; over > 0; over--) {
      // From the stripe that has most: whoever forwards several is alone in some of them while a room is small.
      const counts = state.homes.map((home) => state.children.stripes.filter((stripe) => stripe === home).length)
      shedChildren(state, state.homes[counts.indexOf(Math.max(...counts))]!, 1)
    }
    touch(state, now)
    admitWaiting(state, now)
    promote(state, now)
  }

  #childGone(now: number, peer: P, stripe: number, standby: boolean): void {
    const state = this.#state
    state.children.redeem(peer, stripe, standby)
    if (standby) state.children.removeStandby(peer, stripe)
    else if (removeChild(state, peer, stripe)) {
      touch(state, now)
      admitWaiting(state, now)
      promote(state, now)
    }
    letGo(state, peer)
  }

  #linkDown(now: number, peer: P): void {
    const state = this.#state
    const { children } = state
    for (const stripe of state.homes) {
      children.redeem(peer, stripe, false)
      children.redeem(peer, stripe, true)
      children.removeStandby(peer, stripe)
      if (removeChild(state, peer, stripe)) touch(state, now)
    }
    for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
      if (state.asked[stripe] === peer) {
        state.asked[stripe] = null
        state.parentAt[stripe] = now
      }
      if (state.standby[stripe] === peer) dropStandby(state, now, stripe, false)
      if (state.parent[stripe] === peer) lostParent(state, now, stripe)
    }
    state.neighbours.forget(peer)
  }

  #tidySoon(now: number): void {
    if (this.#state.tidyAt === Infinity && this.#state.children.reservations.length > 0)
      this.#state.tidyAt = now + TIDY_MS
  }

  #tick(now: number): void {
    const state = this.#state
    onTime(state, now)
    if (state.tidyAt > now) return
    const { children } = state
    const kept = children.reservations.length
    children.reservations = children.reservations.filter(({ until }) => until > now)
    if (children.reservations.length < kept) {
      touch(state, now)
      admitWaiting(state, now)
    }
    promote(state, now)
    state.tidyAt = children.reservations.length > 0 ? now + TIDY_MS : Infinity
  }

  #stop(): void {
    const state = this.#state
    const { children, parent, standby } = state
    for (let i = 0; i < children.peers.length; i++) {
      send(state, children.peers[i]!, { type: 'drop', stripe: children.stripes[i]!, mode: 'serve' })
    }
    for (let i = 0; i < children.standbys.length; i++) {
      send(state, children.standbys[i]!, { type: 'drop', stripe: children.standbyStripes[i]!, mode: 'standby' })
    }
    for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
      if (parent[stripe] !== null) send(state, parent[stripe]!, { type: 'leave', stripe, mode: 'serve' })
      if (standby[stripe] !== null) send(state, standby[stripe]!, { type: 'leave', stripe, mode: 'standby' })
    }
    state.started = false
  }
}
