import { MeshNetwork, SOURCE } from './mesh-network'
import { seededRandom } from './seeded-random'
import { quantile } from './tree-figures'

/** A room as people have it today: some come together, the broadcaster's line hardly carries the show once. */
export interface SmallRoom {
  seed: number
  viewers: number
  stripes: number
  /** Everybody comes within so long, milliseconds. */
  joinMs: number
  /** Uplinks in parts of the stream: of the broadcaster, and drawn evenly for each viewer. */
  source: number
  uplinks: readonly number[]
  /** How long the room is looked at after the last joined, milliseconds. */
  stayMs: number
  /** So many crash without a word when half of `stayMs` is over. */
  crash?: number
  /** One way, milliseconds; 35 by default (as live.md section 5). */
  hopMs?: number
}

export interface SmallRoomFigures {
  /** From coming until every stripe arrived for the first time, milliseconds, ascending; Infinity: never. */
  waits: Float64Array
  /** Part of the time after that in which some stripe did not arrive, mean and of the worst viewer. */
  dry: number
  worstDry: number
  /** Streams that the broadcaster sent: the most at once. */
  sourceStreams: number
  depth: number
  /** Of those that lost a stripe by the crash: until every stripe was back, milliseconds, ascending. */
  repairs: Float64Array
  messagesPerViewer: number
}

const STREAM_BPS = 1e6
const LOOK_MS = 20
/** A data plane tells that a stripe is late about so often. */
const LATE_MS = 60

/** Simulates a room and looks every 20 ms at who really gets every stripe: an overloaded member serves its last children nothing. */
export function smallRoom(room: SmallRoom): SmallRoomFigures {
  const { seed, viewers, stripes, stayMs, joinMs } = room
  const random = seededRandom(seed)
  const uplinkBps = Float64Array.from(
    { length: viewers + 1 },
    () => room.uplinks[Math.floor(random() * room.uplinks.length)]! * STREAM_BPS,
  )
  const network = new MeshNetwork({
    seed,
    viewers,
    settings: { stripes, stripeBps: STREAM_BPS / stripes, pieceMs: 33, repairShare: 0.1 },
    sourceBps: room.source * STREAM_BPS,
    uplinkBps,
    hopMs: room.hopMs ?? 35,
    sigma: 0.5,
    processingMs: 2,
    loss: 0,
  })
  const comesAt = Float64Array.from({ length: viewers }, () => random() * joinMs).sort()
  comesAt.forEach((at, n) => network.at(at, () => network.join(n + 1)))
  const wholeAt = new Float64Array(viewers + 1).fill(-1)
  const dryMs = new Float64Array(viewers + 1)
  const hitAt = new Float64Array(viewers + 1)
  const repairs: number[] = []
  const late = new Set<number>()
  let sourceStreams = 0
  let depth = 0
  const endMs = joinMs + stayMs
  const crashMs = joinMs + stayMs / 2
  let crashed = false
  for (let ms = LOOK_MS; ms <= endMs; ms += LOOK_MS) {
    network.run(ms)
    if (!crashed && ms >= crashMs) {
      crashed = true
      for (let n = 0; n < (room.crash ?? 0); n++) network.crash(1 + Math.floor(random() * viewers))
    }
    const missing = missingStripes(network)
    for (let key = 1; key <= viewers; key++) {
      if (network.joinedAt[key]! < 0 || network.alive[key] === 0) continue
      const lacks = missing[key]!
      if (lacks.length === 0) {
        if (wholeAt[key]! < 0) wholeAt[key] = ms
        if (hitAt[key]! > 0) repairs.push(ms - hitAt[key]!)
        hitAt[key] = 0
      } else if (wholeAt[key]! >= 0) {
        dryMs[key]! += LOOK_MS
        if (crashed && ms - crashMs < LOOK_MS && hitAt[key] === 0) hitAt[key] = crashMs
      }
      for (let stripe = 0; stripe < stripes; stripe++) {
        const id = key * stripes + stripe
        if (!lacks.includes(stripe)) {
          if (late.delete(id)) network.tell(key, { type: 'flowing', stripe })
        } else if (ms % LATE_MS === 0 && network.nodes[key]!.view.parent[stripe] !== null) {
          late.add(id)
          network.tell(key, { type: 'late', stripe, from: 1, until: 10 })
        }
      }
    }
    sourceStreams = Math.max(sourceStreams, network.nodes[SOURCE]!.view.children.peers.length / stripes)
  }
  for (let key = 1; key <= viewers; key++) {
    for (const d of network.nodes[key]!.view.depth) depth = Math.max(depth, d + 1)
    if (hitAt[key]! > 0) repairs.push(Infinity)
  }
  const waits = Float64Array.from({ length: viewers }, (_, n) =>
    wholeAt[n + 1]! < 0 ? Infinity : wholeAt[n + 1]! - network.joinedAt[n + 1]!,
  ).sort()
  const shares = Float64Array.from({ length: viewers }, (_, n) =>
    wholeAt[n + 1]! < 0 ? 1 : dryMs[n + 1]! / (endMs - wholeAt[n + 1]!),
  )
  let sent = 0
  for (const count of network.sent) sent += count
  return {
    waits,
    dry: shares.reduce((sum, share) => sum + share, 0) / viewers,
    worstDry: shares.reduce((most, share) => Math.max(most, share), 0),
    sourceStreams,
    depth,
    repairs: Float64Array.from(repairs).sort(),
    messagesPerViewer: sent / viewers,
  }
}

/** Which stripes do not reach each viewer. */
function missingStripes(network: MeshNetwork): number[][] {
  const { nodes, alive, options } = network
  const missing = nodes.map((): number[] => [])
  for (let stripe = 0; stripe < options.settings.stripes; stripe++) {
    const reached = new Set([SOURCE])
    for (const key of reached) {
      const { children } = nodes[key]!.view
      const carried = Math.min(children.peers.length, network.trueSlots(key))
      for (let i = 0; i < carried; i++) {
        const child = children.peers[i]!
        const served = children.stripes[i] === stripe && alive[child] === 1
        if (served && nodes[child]?.view.parent[stripe] === key) reached.add(child)
      }
    }
    for (let key = 1; key < nodes.length; key++) if (alive[key] === 1 && !reached.has(key)) missing[key]!.push(stripe)
  }
  return missing
}

/** Many rooms of one kind, different only by their seeds: figures over all their viewers. */
export function smallRooms(room: Omit<SmallRoom, 'seed'>, seeds: number) {
  const waits: number[] = []
  const repairs: number[] = []
  let [dry, worstDry, sourceStreams, depth, messages] = [0, 0, 0, 0, 0]
  for (let seed = 1; seed <= seeds; seed++) {
    const figures = smallRoom({ ...room, seed })
    waits.push(...figures.waits)
    repairs.push(...figures.repairs)
    dry += figures.dry / seeds
    worstDry = Math.max(worstDry, figures.worstDry)
    sourceStreams = Math.max(sourceStreams, figures.sourceStreams)
    depth = Math.max(depth, figures.depth)
    messages += figures.messagesPerViewer / seeds
  }
  const sorted = Float64Array.from(waits).sort()
  const repaired = Float64Array.from(repairs).sort()
  return {
    p50Ms: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    maxMs: sorted.at(-1)!,
    dryPercent: Math.round(1e4 * dry) / 100,
    worstDryPercent: Math.round(1e4 * worstDry) / 100,
    sourceStreams,
    depth,
    hit: repaired.length,
    repairP50Ms: quantile(repaired, 0.5),
    repairP95Ms: quantile(repaired, 0.95),
    messages: Math.round(messages),
  }
}
