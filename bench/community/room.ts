import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { multiaddr } from '@multiformats/multiaddr'
import { roomTopic } from '../../src/main/peer/room-traffic'
import { RoomVoice } from '../../src/main/community/testing/room-voice'
import { testNode } from '../../tests/integration/community-nodes'
import { RoomNode } from '../../tests/integration/room-nodes'

type Say = (line: string) => void

/** Links that each node opens; gossipsub keeps four of them and of those opened to it. */
const LINKS = 4
const PROCESSES = 2
/** Lines a second of a lively talk; at 8 the 50 nodes themselves keep more than one processor busy. */
const CALM = 2

interface Report {
  /** Of each node what its window was told, in the order in which it shows it. */
  nodes: { shown: string[]; arrivals: { id: string; at: number }[] }[]
  cpuMs: number
}

/** 50 peers in one room on this machine: from the call to say a line until each window has it; once, in one order. */
export async function roomFigures(quick: boolean, say: Say): Promise<Record<string, number>> {
  const count = quick ? 20 : 50
  const workers = Array.from({ length: PROCESSES }, () => new Worker())
  try {
    const each = count / PROCESSES
    const started = await Promise.all(workers.map((worker) => worker.ask<string[][]>({ do: 'start', count: each })))
    const addresses = started.flat()
    const room = 'bench/room'
    await Promise.all(workers.map((worker) => worker.ask({ do: 'open', room })))
    await Promise.all(
      workers.map((worker, at) => worker.ask({ do: 'dial', addresses: linksOf(addresses, at * each, each) })),
    )
    await sleep(3_000) // meshes graft on the heartbeat
    // whoever is heard for the first time costs every node the check of a wallet's signature
    const talk = (lines: number, perSecond: number, name: string) => talkOf(workers, count, lines, perSecond, name)
    await talk(count, 8, 'hello')
    await sleep(3_000)
    const told = (rate: number, figures: Figures): void =>
      say(
        `${count} peers in a room, ${rate} lines a second: p50 ${figures.p50} ms, p95 ${figures.p95} ms, longest ` +
          `${figures.max} ms; ${figures.delivered} of ${figures.expected} deliveries, ${figures.twice} twice, ` +
          `${figures.orders} order(s); CPU ${figures.cpuMs} ms a line`,
      )
    const calm = await measured(workers, count, () => talk(quick ? 20 : 60, CALM, 'calm'), 'calm')
    told(CALM, calm)
    const quiet = await measured(workers, count, () => talk(quick ? 40 : 120, 8, 'talk'))
    told(8, quiet)
    // it stands for another computer: it is up, connected and has its lines signed before the clock starts
    const flooder = new Worker()
    const seconds = quick ? 5 : 10
    const attack = { room, perSecond: 1_000, seconds, addresses: addresses.slice(0, 3) }
    await flooder.ask({ do: 'arm', ...attack })
    let sent = 0
    const floodAndTalk = async (): Promise<Map<string, number>> => {
      const flood = flooder.ask<number>({ do: 'flood' })
      const said = await talk(quick ? 24 : 64, 8, 'loud')
      sent = await flood
      return said
    }
    const loud = await measured(workers, count, floodAndTalk, 'loud')
    flooder.end()
    say(
      `the same while one key says ${sent} lines in ${seconds} s: p50 ${loud.p50} ms, p95 ${loud.p95} ms; CPU ` +
        `${loud.cpuMs} ms a line, ` +
        `${loud.delivered} of ${loud.expected} deliveries; most of the flood that a window saw: ${loud.others}`,
    )
    return {
      ...{
        peers: count,
        p50Ms: calm.p50,
        p95Ms: calm.p95,
        maxMs: calm.max,
        busyP50Ms: quiet.p50,
        busyP95Ms: quiet.p95,
        delivered: (calm.delivered + quiet.delivered) / (calm.expected + quiet.expected),
      },
      ...{
        twice: calm.twice + quiet.twice,
        orders: quiet.orders,
        floodP95Ms: loud.p95,
        floodDelivered: loud.delivered / loud.expected,
      },
      floodSeen: loud.others,
      floodCpuRatio: loud.cpuMs / quiet.cpuMs,
    }
  } finally {
    for (const worker of workers) worker.end()
  }
}

/** Addresses that the nodes from `first` on dial: a ring, so that all hang together, and some across. */
function linksOf(addresses: readonly string[][], first: number, count: number): string[][][] {
  const all = addresses.length
  return Array.from({ length: count }, (_, at) => {
    const own = first + at
    const steps = [1, ...Array.from({ length: LINKS - 1 }, (_, link) => 2 + ((own * 7 + link * 13) % (all - 3)))]
    return steps.map((step) => addresses[(own + step) % all]!)
  })
}

async function talkOf(
  workers: Worker[],
  count: number,
  lines: number,
  perSecond: number,
  name: string,
): Promise<Map<string, number>> {
  const said = new Map<string, number>()
  const each = count / workers.length
  const start = performance.now()
  const saying: Promise<void>[] = []
  for (let at = 0; at < lines; at++) {
    await sleep(Math.max(0, start + (at * 1_000) / perSecond - performance.now()))
    const node = (at * 17) % count
    const one = workers[Math.floor(node / each)]!.ask<{ id: string; at: number }>({
      ...{ do: 'say', node: node % each, text: `${name} ${at}` },
    })
    saying.push(one.then(({ id, at: when }) => void said.set(id, when)))
  }
  await Promise.all(saying)
  return said
}

interface Figures {
  p50: number
  p95: number
  max: number
  delivered: number
  expected: number
  twice: number
  orders: number
  others: number
  cpuMs: number
}

async function measured(
  workers: Worker[],
  count: number,
  talk: () => Promise<Map<string, number>>,
  prefix = 'talk',
): Promise<Figures> {
  await Promise.all(workers.map((worker) => worker.ask({ do: 'clear' })))
  const said = await talk()
  await sleep(1_500)
  const reports = await Promise.all(workers.map((worker) => worker.ask<Report>({ do: 'report' })))
  const nodes = reports.flatMap((report) => report.nodes)
  const latencies: number[] = []
  let [twice, others] = [0, 0]
  for (const { arrivals } of nodes) {
    const seen = new Set<string>()
    for (const { id, at } of arrivals) {
      const when = said.get(id)
      if (when === undefined) continue
      if (seen.has(id)) twice++
      else latencies.push(at - when)
      seen.add(id)
    }
    others = Math.max(others, new Set(arrivals.filter(({ id }) => !said.has(id)).map(({ id }) => id)).size)
  }
  const shown = new Set(nodes.map((node) => node.shown.filter((text) => text.startsWith(prefix)).join()))
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => Math.round(latencies[Math.floor((latencies.length - 1) * share)] ?? Infinity)
  return {
    ...{ p50: at(0.5), p95: at(0.95), max: at(1), delivered: latencies.length, expected: said.size * count },
    ...{ twice, orders: shown.size, others },
    cpuMs: Math.round(reports.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / said.size),
  }
}

/** A process with some of the nodes. */
class Worker {
  readonly #child: ChildProcess = fork(process.argv[1]!, ['--room-nodes'], { serialization: 'advanced' })
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  #lastId = 0

  constructor() {
    this.#child.on('message', ({ id, value, error }: { id: number; value?: never; error?: string }) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(value!)
      else waiting?.reject(new Error(error))
    })
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('a process of the bench ended'))
    })
  }

  ask<T = void>(what: Asked): Promise<T> {
    const id = ++this.#lastId
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#child.send({ id, what })
    })
  }

  end(): void {
    this.#child.disconnect()
  }
}

interface Attack {
  room: string
  perSecond: number
  seconds: number
  addresses: string[][]
}

type Asked =
  | { do: 'start'; count: number }
  | { do: 'open'; room: string }
  | { do: 'dial'; addresses: string[][][] }
  | { do: 'say'; node: number; text: string }
  | ({ do: 'arm' } & Attack)
  | { do: 'flood' }
  | { do: 'report' }
  | { do: 'clear' }

/** The other processes: they do as they are told until the line ends. */
export async function serveRoom(): Promise<void> {
  const nodes: RoomNode[] = []
  let room = ''
  let cpu = process.cpuUsage()
  let flood: () => Promise<number> = () => Promise.resolve(0)
  const now = (): number => performance.timeOrigin + performance.now()
  const does = async (what: Asked): Promise<unknown> => {
    switch (what.do) {
      case 'start':
        while (nodes.length < what.count) nodes.push(await RoomNode.start())
        return nodes.map(({ libp2p }) => libp2p.getMultiaddrs().map(String))
      case 'open':
        room = what.room
        for (const node of nodes) node.open(room)
        return null
      case 'dial':
        for (const [at, links] of what.addresses.entries()) {
          for (const addresses of links) await nodes[at]!.libp2p.dial(addresses.map((text) => multiaddr(text)))
        }
        return null
      case 'say': {
        const at = now()
        return { id: nodes[what.node]!.say(what.text).id, at }
      }
      case 'arm':
        flood = await armed(what)
        return null
      case 'flood':
        return flood()
      case 'clear':
        for (const node of nodes) node.arrivals.length = 0
        cpu = process.cpuUsage()
        return null
      case 'report': {
        const { user, system } = process.cpuUsage(cpu)
        return {
          nodes: nodes.map(({ texts, arrivals }) => ({ shown: texts, arrivals })),
          cpuMs: (user + system) / 1_000,
        } satisfies Report
      }
    }
  }
  process.on('message', ({ id, what }: { id: number; what: Asked }) => {
    does(what).then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    )
  })
  await new Promise((resolve) => process.once('disconnect', resolve))
  process.exit(0)
}

/** Lines of one key, as fast as told, to a few nodes; tells how many were sent, also after they hung up. */
async function armed({ room, perSecond, seconds, addresses }: Attack): Promise<() => Promise<number>> {
  const node = await testNode()
  const voice = await RoomVoice.of()
  node.services.pubsub.subscribe(roomTopic(room))
  for (const each of addresses) await node.dial(each.map((text) => multiaddr(text)))
  const lines = Array.from({ length: perSecond * seconds }, (_, at) => voice.say(room, `flood ${at}`, Date.now()))
  await sleep(2_000) // meshes graft on the heartbeat
  return async () => {
    const start = performance.now()
    let sent = 0
    while (performance.now() - start < seconds * 1_000) {
      const due = Math.min(((performance.now() - start) * perSecond) / 1_000, lines.length)
      for (; sent < due; sent++) await node.services.pubsub.publish(roomTopic(room), lines[sent])
      await sleep(5)
    }
    await node.stop()
    return sent
  }
}
