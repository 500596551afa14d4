import { Desk } from './desk'
import type { MeshAction } from './mesh-action'
import type { MeshEvent } from './mesh-event'
import type { MeshMessage, Move } from './mesh-message'
import { isSource, MeshState, remember, send, type MeshNodeOptions } from './mesh-state'
import { onRedirect, reportOnTime, reportSoon } from './reporting'
import { onDeny, onFlowing, onLate, onPull } from './repair'
import { admitArriving, childGone, onAttach, onWaiting, removeChild, serveOnTime, shedChildren } from './serving'
import { withStripe } from './stripe-set'
import { askToServe, blame, dropStandby, lostParent, nextTime, onAccept, onAssign, onRefuse, onTime } from './viewing'

/** Slots that go up and down are told so often at most. */
const SLOTS_MS = 100

/**
 * Membership, parents, slots and repair of one member of a live show (live.md section 6), as a state machine: events in,
 * actions out, no clock and no randomness of its own. The app carries its actions over libp2p, the simulator over a list
 * of events; both run this code. Who is where is proposed by registrars ([Note: Registrars]), kept by the members themselves.
 */
export class MeshNode<P extends string | number> {
  readonly #state: MeshState<P>
  #wakeAt = Infinity

  constructor(options: MeshNodeOptions<P>) {
    this.#state = new MeshState(options)
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
    if (event.type !== 'stop' && state.started) {
      admitArriving(state, now)
      reportOnTime(state, now)
    }
    this.#wakeAt = state.started ? this.#next() : Infinity
  }

  #next(): number {
    const { reportAt, answerBy, leaving, arriving, desk } = this.#state
    let next = Math.min(nextTime(this.#state), reportAt, answerBy, desk?.nextAt ?? Infinity)
    for (const { until } of leaving) next = Math.min(next, until)
    for (const { until } of arriving) next = Math.min(next, until)
    return next
  }

  #take(now: number, event: MeshEvent<P>): void {
    const state = this.#state
    switch (event.type) {
      case 'start':
        state.started = true
        for (const member of event.members) remember(state, member)
        if (isSource(state)) {
          state.desk = new Desk(state, state.self)
          state.desk.rootSlots(now, state.slots.total)
        } else {
          state.lostAt.fill(now)
          reportSoon(state, now, 0)
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
        this.#linkDown(now, event.peer, 'silent')
        return
      case 'rtt':
        state.neighbours.measured(event.peer, event.ms)
        return
      case 'confirmed':
        if (isSource(state)) return
        this.#confirmed(now, event.pieces, event.late)
        return
      case 'proved':
        if (isSource(state)) return
        state.slots.proved(now, event.uplinkBps, event.atLeast === true)
        this.#slotsChanged(now)
        return
      case 'late':
        onLate(state, now, event.stripe, event.from, event.until)
        return
      case 'flowing':
        onFlowing(state, now, event.stripe)
        return
      case 'liar': {
        const untilMs = state.barred.bar(event.peer, now, state.random())
        this.#linkDown(now, event.peer, 'liar')
        state.known = state.known.filter((peer) => peer !== event.peer)
        if (state.registrar === event.peer) state.registrar = null
        state.out.push({ type: 'bar', peer: event.peer, untilMs })
        return
      }
      case 'uplink':
        state.slots.limit(event.limitBps)
        this.#slotsChanged(now)
        return
      case 'measured':
        if (!isSource(state)) return
        state.slots.measured(event.uplinkBps)
        this.#slotsChanged(now)
        return
      case 'tick':
        onTime(state, now)
        serveOnTime(state, now)
        state.desk?.onTime(now)
        return
      case 'stop':
        this.#stop()
    }
  }

  #message(now: number, from: P, message: MeshMessage<P>): void {
    const state = this.#state
    switch (message.type) {
      case 'report':
        remember(state, from)
        if (state.desk) state.desk.onReport(now, from, message)
        else if (!message.gone) send(state, from, { type: 'redirect', to: [state.registrar ?? state.source] })
        return
      case 'assign':
        onAssign(state, now, from, message)
        return
      case 'redirect':
        onRedirect(state, now, from, message)
        return
      case 'attach':
        onAttach(state, now, from, message)
        return
      case 'accept':
        onAccept(state, now, from, message)
        return
      case 'refuse':
        onRefuse(state, now, from, message)
        return
      case 'leave':
        childGone(state, from, message.stripe, message.mode === 'standby')
        return
      case 'drop':
        if (message.mode === 'standby') {
          if (state.standby[message.stripe] === from) dropStandby(state, message.stripe, false)
        } else if (state.parent[message.stripe] === from) lostParent(state, now, message.stripe, null)
        return
      case 'move':
        this.#move(now, from, message)
        return
      case 'pull':
        onPull(state, now, from, message)
        return
      case 'deny':
        onDeny(state, from, message.stripe)
        return
      case 'waiting':
        onWaiting(state, now, from, message.stripe, message.forMs)
        return
      case 'audit': {
        const served = isSource(state) || state.parent[message.stripe] !== null
        send(state, from, { type: 'vouch', stripe: message.stripe, served, slots: state.slots.total })
        return
      }
      case 'vouch':
        state.desk?.onVouch(now, from, message)
        return
    }
  }

  #confirmed(now: number, pieces: number, late: number): void {
    const { slots, children, growUntil } = this.#state
    if (slots.confirmed(now, pieces, late, children.used, growUntil > now)) this.#slotsChanged(now)
  }

  /** Our parent has somebody stronger in our place: we go below that one. */
  #move(now: number, from: P, { stripe, to, served }: Move<P>): void {
    const state = this.#state
    if (to === state.self || state.barred.isBarred(to, now)) return
    if (state.asked[stripe] === from) {
      askToServe(state, now, stripe, to)
      return
    }
    if (state.parent[stripe] !== from) return
    if (served) {
      state.moving = withStripe(state.moving, stripe)
      if (state.asked[stripe] === null) askToServe(state, now, stripe, to)
      return
    }
    state.asked[stripe] ??= to
    lostParent(state, now, stripe, null)
    if (state.asked[stripe] === to) askToServe(state, now, stripe, to)
  }

  #slotsChanged(now: number): void {
    const state = this.#state
    shedChildren(state)
    if (isSource(state)) state.desk?.rootSlots(now, state.slots.total)
    else if (state.registrar !== null) reportSoon(state, now, SLOTS_MS)
  }

  #linkDown(now: number, peer: P, why: 'silent' | 'liar'): void {
    const state = this.#state
    const { children } = state
    for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
      if (children.removeStandby(peer, stripe) || removeChild(state, peer, stripe)) {
        blame(state, stripe, peer, why)
        reportSoon(state, now, SLOTS_MS)
      }
      if (state.asked[stripe] === peer) {
        state.askedUntil[stripe] = now
        onTime(state, now)
      }
      if (state.standby[stripe] === peer) dropStandby(state, stripe, false)
      if (state.parent[stripe] === peer) lostParent(state, now, stripe, why)
    }
    if (state.registrar === peer && why === 'silent' && state.answerBy < Infinity) state.answerBy = now
    state.desk?.onLinkDown(now, peer)
    state.neighbours.forget(peer)
  }

  #stop(): void {
    const state = this.#state
    const { children, parent, standby, registrar } = state
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
    if (registrar !== null) {
      send(state, registrar, { type: 'report', slots: 0, lacking: [], moved: [], blame: [], gone: true })
    }
    state.started = false
  }
}
