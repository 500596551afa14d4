import { crowd, rateBound } from './crowd'
import { greedyDelays } from './delay-bound'
import { MeshNetwork } from './mesh-network'
import { seededRandom } from './seeded-random'
import { quantile, treeFigures } from './tree-figures'

const [viewers = 1000, stripes = 16, load = 0.9, joinSeconds = 20, total = 40, sigma = 0] = process.argv
  .slice(2)
  .map(Number)
const sourceBps = 10e6
const uplinkBps = crowd(viewers, seededRandom(7))
const rate = load * rateBound(sourceBps, uplinkBps)
const settings = { stripes, stripeBps: rate / stripes, pieceMs: 33, repairShare: Number(process.env.RESERVE ?? 0.1) }
const network = new MeshNetwork({
  seed: 1,
  viewers,
  settings,
  sourceBps,
  uplinkBps,
  hopMs: 35,
  sigma,
  processingMs: 2,
  loss: 0,
})
for (let key = 1; key <= viewers; key++) network.at((key / viewers) * joinSeconds * 1000, () => network.join(key))
const begun = process.cpuUsage()
const caps: number[] = []
for (let key = 1; key <= viewers; key += 1) caps.push(network.trueSlots(key))
const per = caps.sort((a, b) => b - a).filter((_, i) => i % stripes === 0)
const copyMs = (slots: number) => 33 / slots
const greedy = greedyDelays(
  viewers,
  { slots: Math.floor(network.trueSlots(0) / stripes), copyMs: (33 * rate) / sourceBps },
  per,
  copyMs,
  37,
)
console.log('bound p50/p99/max', quantile(greedy, 0.5), quantile(greedy, 0.99), greedy.at(-1))
for (let s = 5; s <= total; s += 5) {
  let dry = 0
  for (let ms = (s - 5) * 1000 + 1000; ms <= s * 1000; ms += 1000) {
    network.run(ms)
    if (process.env.DRY === '0') continue
    const list: number[][] = []
    treeFigures(network, (key, stripe) => list.push([key, stripe]))
    for (const [key, stripe] of list) network.tell(key!, { type: 'late', stripe: stripe!, from: 1, until: 10 })
    dry += list.length
  }
  const f = treeFigures(network)
  const { user } = process.cpuUsage(begun)
  let sum = 0
  for (const n of network.sent) sum += n
  console.log(
    s,
    'v',
    f.viewers,
    'whole',
    f.whole,
    'missing',
    f.missing,
    'cyc',
    f.cycles,
    'overused',
    f.overused,
    f.overgranted,
    'depths',
    f.depths.slice(1).join(' '),
    'delay',
    ...[0.5, 0.99, 1].map((q) => quantile(f.delays, q).toFixed(0)),
    'standby',
    (f.standbys / f.viewers / stripes).toFixed(2),
    'msgs',
    (sum / f.viewers).toFixed(0),
    'cpu',
    (user / 1e6).toFixed(1),
    'MB',
    (process.memoryUsage.rss() / 1e6).toFixed(0),
  )
}
console.log([...network.kinds].map(([k, n]) => `${k} ${(n / viewers).toFixed(1)}`).join(', '))
const serve = []
for (let key = 1; key <= viewers; key++)
  serve.push(network.servedAt[key]! < 0 ? Infinity : network.servedAt[key]! - network.joinedAt[key]!)
serve.sort((a, b) => a - b)
console.log('to serve p50 p95 p99', ...[0.5, 0.95, 0.99].map((q) => quantile(serve, q).toFixed(0)))
if (process.env.DEBUG) {
  const byStripe = Array.from({ length: stripes }, () => ({
    homes: 0,
    rooted: 0,
    proven: 0,
    used: 0,
    free: 0,
    trueSlots: 0,
    missing: 0,
    asked: 0,
    timer: 0,
    kept: 0,
  }))
  for (let key = 0; key <= viewers; key++) {
    const v = network.nodes[key]!.view
    v.homes.forEach((h) => {
      const b = byStripe[h]!
      b.homes++
      if (key === 0 || v.parent[h] !== null) b.rooted++
      b.proven += v.slots.total
      b.used += v.children.peers.length
      b.kept += v.children.reservations.length
      b.free += Math.max(0, v.slots.lasting - v.children.used)
      b.trueSlots += network.trueSlots(key)
    })
    for (let s = 0; s < stripes; s++)
      if (key > 0 && v.parent[s] === null) {
        byStripe[s]!.missing++
        if (v.asked[s] !== null) byStripe[s]!.asked++
        if (v.parentAt[s]! < Infinity) byStripe[s]!.timer++
      }
  }
  console.table(byStripe)
}
if (process.env.DEBUG) {
  const rows: Record<string, number[]> = {}
  for (let key = 1; key <= viewers; key++) {
    const v = network.nodes[key]!.view
    const rooted = v.homes.some((h) => v.parent[h] !== null)
    const full = v.children.used >= v.slots.lasting
    const name = `${uplinkBps[key]! / 1e6} ${rooted ? 'rooted' : 'lost'} ${full ? 'full' : 'free'} ${v.slots.mayGrow ? 'grow' : 'stop'} homes${v.homes.length} cap${v.slots.total <= 1 ? v.slots.total : v.slots.total < 8 ? '2-7' : '8+'}`
    const r = (rows[name] ??= [0, 0, 0, 0])
    r[0]!++
    r[1]! += v.slots.total
    r[2]! += v.children.peers.length
    r[3]! += v.waiting.length
  }
  for (const name of Object.keys(rows).sort()) console.log(name.padEnd(40), ...rows[name]!)
}
if (process.env.DEBUG) {
  for (let s = 0; s < 4; s++) {
    const src = network.nodes[0]!.view.children
    let real = 0
    const reach = new Set<number>()
    const walk = (k: number) => {
      const v = network.nodes[k]!.view
      reach.add(k)
      if (k) real += v.homes.includes(s) ? Math.max(0, v.slots.lasting - v.children.used) : 0
      v.children.peers.forEach((c, i) => {
        if (v.children.stripes[i] === s && network.nodes[c]!.view.parent[s] === k) walk(c)
      })
    }
    walk(0)
    console.log(
      'stripe',
      s,
      'real free',
      real,
      'reach',
      reach.size,
      'source sees',
      src.peers
        .map((p, i) =>
          src.stripes[i] === s
            ? `${p}:${src.capacities[i]} ${JSON.stringify(src.reports[i], ['freeDepth', 'free', 'freeAll', 'slotsAll', 'size', 'taken', 'best', 'bestCapacity'])}`
            : '',
        )
        .filter(Boolean)
        .join(' | '),
    )
  }
}
if (process.env.DEBUG) {
  let n = 0
  for (let key = 1; key <= viewers && n < 12; key++) {
    const v = network.nodes[key]!.view
    const h = v.homes[0]
    if (h !== undefined && v.parent[h] === null) {
      n++
      console.log(
        'orphan',
        key,
        'home',
        h,
        'rank',
        v.ranks[0],
        'kids',
        v.children.peers.length,
        'standbys',
        v.children.standbys.length,
        'cap',
        v.slots.total,
        'tries',
        v.tries[h],
        'asked',
        v.asked[h],
        'in',
        v.parentAt[h]! - network.now,
      )
    }
  }
}
