import type { Redirect, Report } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { askingRank, isSource, remember, send, type MeshState } from './mesh-state'
import { hasStripe } from './stripe-set'

/** A first report may have to wait for a link. */
const FIRST_ANSWER_MS = 900
const ANSWER_MS = 500
const AGAIN_MS = 200
/** Who knows so many members asks one of them for its registrar: a broadcaster of many cannot answer everybody. */
const MANY = 4

/** A report is due in `ms`, or sooner. */
export function reportSoon<P extends string | number>(state: MeshState<P>, now: number, ms: number): void {
  if (!isSource(state)) state.reportAt = Math.min(state.reportAt, now + ms)
}

/** What is due between us and our registrar. */
export function reportOnTime<P extends string | number>(state: MeshState<P>, now: number): void {
  if (isSource(state)) return
  if (state.answerBy <= now) {
    state.answerBy = Infinity
    // Two in a row, or the first of one never heard of: it is gone.
    if (++state.unanswered >= 2 || state.room === 0) state.registrar = null
    reportSoon(state, now, 0)
  }
  if (state.reportAt <= now) sendReport(state, now)
  if (state.reportAt === Infinity && state.answerBy === Infinity && isForgotten(state)) reportSoon(state, now, AGAIN_MS)
}

/** Nobody was asked for a stripe that does not come. */
function isForgotten<P extends string | number>({ parent, asked }: MeshState<P>): boolean {
  for (let stripe = 0; stripe < parent.length; stripe++) {
    if (parent[stripe] === null && asked[stripe] === null) return true
  }
  return false
}

function sendReport<P extends string | number>(state: MeshState<P>, now: number): void {
  state.reportAt = Infinity
  const { total } = state.slots
  const lacking: Report<P>['lacking'] = []
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    const asked = state.asked[stripe] ?? null
    if (state.parent[stripe] !== null && !hasStripe(state.moving, stripe) && !hasStripe(state.seeking, stripe)) continue
    if (asked !== null && asked !== state.standby[stripe]) continue
    lacking.push({ stripe, rank: askingRank(state, stripe) })
  }
  if (lacking.length === 0 && state.moved.length + state.blame.length === 0 && total === state.reportedSlots) return
  state.registrar ??= someRegistrar(state, now)
  send(state, state.registrar, {
    type: 'report',
    slots: total,
    lacking,
    moved: state.moved,
    blame: state.blame,
    gone: false,
  })
  state.reportedSlots = total
  state.moved = []
  state.blame = []
  if (lacking.length > 0) state.answerBy = now + (state.room === 0 ? FIRST_ANSWER_MS : ANSWER_MS)
}

function someRegistrar<P extends string | number>(state: MeshState<P>, now: number): P {
  const next = state.others.shift()
  state.room = 0
  if (next !== undefined && !state.barred.isBarred(next, now)) return next
  const members = state.known.filter((peer) => peer !== state.source && !state.barred.isBarred(peer, now))
  if (members.length < MANY || state.unanswered > 0) return state.source
  return members[Math.floor(state.random() * members.length)]!
}

/** Who was asked is no registrar, or has no room: all is told again to the one it names. */
export function onRedirect<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  { to }: Redirect<P>,
): void {
  if (isSource(state) || state.registrar !== from) return
  const [next, ...others] = to.filter((peer) => peer !== state.self && peer !== from)
  state.registrar = next ?? state.source
  state.others = others.slice(0, MESH_LIMITS.members)
  state.answerBy = Infinity
  state.room = 0
  state.reportedSlots = -1
  remember(state, state.registrar)
  reportSoon(state, now, 0)
}
