import '../src/main/platform/runtime-floor'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownCpuMs } from './cpu-time'

/**
 * The embedded ledger: ready time of a new and of an existing one, transactions a second (ERC-20 transfers, signed
 * beforehand, each checked, executed and on disk), bytes per transaction, re-execution by a follower, memory.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, ready: { type: 'string' } },
})
const FREELY = { burst: 1e9, perSender: 1e6, total: 1e6 }
if (values.ready === undefined) await measure(values.quick === true ? 600 : 3_000)
else await ready(values.ready)

/** In a fresh process: from nothing loaded to a ledger that answers. */
async function ready(dir: string): Promise<void> {
  const begin = performance.now()
  const { openLedger } = await import('../src/main/ledger/embedded/open-ledger')
  const loaded = performance.now()
  const opened = await openLedger({ dir })
  await opened.request({ method: 'eth_chainId' })
  const end = performance.now()
  const cpu = ownCpuMs()
  const memoryMb = process.memoryUsage().rss / 1e6
  await opened.close()
  process.stdout.write(JSON.stringify({ loadMs: loaded - begin, openMs: end - loaded, cpuMs: cpu, memoryMb }))
}

interface Ready {
  loadMs: number
  openMs: number
  cpuMs: number
  memoryMb: number
}

async function readyInChild(dir: string): Promise<Ready> {
  const child = spawn(process.execPath, [process.argv[1]!, '--ready', dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  return JSON.parse(text) as Ready
}

async function measure(count: number): Promise<void> {
  const say = (line: string): void => {
    if (values.json !== true) console.log(line)
  }
  const root = await mkdtemp(join(tmpdir(), 'we-bench-ledger-'))
  try {
    const fresh = await readyInChild(join(root, 'fresh'))
    const again = await readyInChild(join(root, 'fresh'))
    for (const [name, one] of Object.entries({ new: fresh, existing: again })) {
      say(
        `${name} ledger ready: ${(one.loadMs + one.openMs).toFixed(0)} ms (load ${one.loadMs.toFixed(0)}), ` +
          `${one.cpuMs.toFixed(0)} ms CPU with the process itself, ${one.memoryMb.toFixed(0)} MB`,
      )
    }
    const { openLedger } = await import('../src/main/ledger/embedded/open-ledger')
    const { EmbeddedLedger } = await import('../src/main/ledger/embedded/embedded-ledger')
    const { claims, transfers } = await import('./ledger/signed-transfers')
    const host = await openLedger({ dir: join(root, 'host'), admission: FREELY })
    const { ledger } = host
    const accounts = 50
    await run(ledger, claims(ledger, accounts))
    const raw = transfers(ledger, accounts, count)
    const first = ledger.head.height + 1
    const diskBefore = await sizeOf(join(root, 'host'))
    const making = await run(ledger, raw)
    const blocks = ledger.head.height - first + 1
    const diskBytes = (await sizeOf(join(root, 'host'))) - diskBefore
    const encoded = Array.from({ length: ledger.head.height }, (_, index) => ledger.store.block(index + 1)!)
    const wireBytes = encoded.slice(first - 1).reduce((sum, block) => sum + block.length, 0)

    const follower = await EmbeddedLedger.open({ folder: join(root, 'follower'), genesis: ledger.store.genesis()! })
    for (const block of encoded.slice(0, first - 1)) await follower.importBlock(block)
    const replay = await timed(async () => {
      for (const block of encoded.slice(first - 1)) await follower.importBlock(block)
    })
    const same = Buffer.compare(follower.head.hash, ledger.head.hash) === 0
    await follower.close()

    const call = { to: ledger.contracts.get('WEToken')!, data: '0x18160ddd' }
    const calls = 1_000
    const calling = await timed(async () => {
      for (let i = 0; i < calls; i++) await host.request({ method: 'eth_call', params: [call, 'latest'] })
    })
    const memoryMb = process.memoryUsage().rss / 1e6
    await host.close()

    const result = {
      readyMs: { new: fresh.loadMs + fresh.openMs, existing: again.loadMs + again.openMs },
      readyMemoryMb: { new: fresh.memoryMb, existing: again.memoryMb },
      transactions: count,
      blocks,
      perSecond: count / (making.wallMs / 1000),
      perCpuSecond: count / (making.cpuMs / 1000),
      cpuMsPerTransaction: making.cpuMs / count,
      diskBytesPerTransaction: diskBytes / count,
      wireBytesPerTransaction: wireBytes / count,
      replayMsPerTransaction: replay.wallMs / count,
      replayCpuMsPerTransaction: replay.cpuMs / count,
      replayAgrees: same,
      callsPerSecond: calls / (calling.wallMs / 1000),
      callCpuMs: calling.cpuMs / calls,
      memoryMb,
    }
    say(
      `${count} transfers in ${blocks} blocks: ${result.perSecond.toFixed(0)}/s, ${result.perCpuSecond.toFixed(0)} per CPU ` +
        `second (${result.cpuMsPerTransaction.toFixed(2)} ms each)`,
    )
    say(
      `bytes per transaction: ${result.diskBytesPerTransaction.toFixed(0)} on disk, ` +
        `${result.wireBytesPerTransaction.toFixed(0)} on the wire`,
    )
    say(
      `re-execution: ${result.replayMsPerTransaction.toFixed(2)} ms each, ${result.replayCpuMsPerTransaction.toFixed(2)} ms CPU, ` +
        `same head: ${same}`,
    )
    say(`eth_call: ${result.callsPerSecond.toFixed(0)}/s; memory of the whole bench ${memoryMb.toFixed(0)} MB`)
    if (!same) process.exitCode = 1
    console.log(JSON.stringify(result))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

interface Taken {
  wallMs: number
  cpuMs: number
}

async function timed(work: () => Promise<unknown>): Promise<Taken> {
  const begin = performance.now()
  const cpu = ownCpuMs()
  await work()
  return { wallMs: performance.now() - begin, cpuMs: ownCpuMs() - cpu }
}

/** From the first submission until all are in blocks on disk. */
function run(ledger: import('../src/main/ledger/embedded/embedded-ledger').EmbeddedLedger, raw: Uint8Array[]) {
  return timed(async () => {
    await Promise.all(raw.map((one) => ledger.submit(one)))
    while (ledger.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 2))
  })
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
