import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { multiaddr } from '@multiformats/multiaddr'
import { MAX_RANGE } from '@shared/community/log-messages'
import type { SignatureMode } from '../../src/main/community/log/log-intake'
import { ALL } from '../../src/main/community/log/log-fetch'
import { TempLog } from '../../src/main/community/testing/temp-log'
import { TestAccount, TestDevice, type SealedEntry } from '../../src/main/community/testing/test-device'
import { verifyEd25519 } from '../../src/main/platform/ed25519'
import { CommunityNode } from '../../tests/integration/community-nodes'
import { ownCpuMs } from '../cpu-time'

type Say = (line: string) => void

/** Bodies of about 150 bytes, like those of community.md 1. */
const TEXT = 'A comment as people write them, neither very short nor very long, in one language.'
const draft = (n: number) => ({
  ...{ kind: 'comment', body: { s: `acct:0x${'ab'.repeat(20)}`, text: `${n} ${TEXT}`, lang: 'en', facets: [] } },
})
const perSecond = (count: number, ms: number): number => Math.round((count * 1_000) / ms)

/** Entries a second that are appended, and checked and stored; and a log caught up between two processes. */
export async function logFigures(quick: boolean, say: Say): Promise<Record<string, number>> {
  const count = quick ? 2_000 : 10_000
  const account = new TestAccount()
  const figures = { ...bare(say), ...(await appending(account, quick, say)), ...(await taking(account, count, say)) }
  return { ...figures, ...(await catchingUp(count, say)) }
}

interface Spent {
  wallMs: number
  cpuMs: number
}

async function timed(work: () => Promise<unknown> | undefined): Promise<Spent> {
  const [wall, cpu] = [performance.now(), ownCpuMs()]
  await work()
  return { wallMs: performance.now() - wall, cpuMs: ownCpuMs() - cpu }
}

/** What the signatures alone cost on this machine: nothing that signs or verifies each entry can be faster. */
function bare(say: Say): Record<string, number> {
  const device = new TestDevice()
  const payload = new Uint8Array(170).fill(7)
  const rounds = 2_000
  const begin = ownCpuMs()
  let signature: Uint8Array = new Uint8Array()
  for (let n = 0; n < rounds; n++) signature = device.sign(payload)
  const signed = ownCpuMs()
  for (let n = 0; n < rounds; n++)
    if (!verifyEd25519(device.publicKey, payload, signature)) throw new Error('not signed')
  const [sign, verify] = [perSecond(rounds, signed - begin), perSecond(rounds, ownCpuMs() - signed)]
  say(`Ed25519 alone: ${sign} signed, ${verify} verified a CPU second`)
  return { barelySignedPerCpuSecond: sign, barelyVerifiedPerCpuSecond: verify }
}

/** Signed, stored, synced to the disk: one by one, and a hundred at a time. */
async function appending(account: TestAccount, quick: boolean, say: Say): Promise<Record<string, number>> {
  const device = new TestDevice()
  const temp = new TempLog({ key: device, now: Date.now })
  temp.log.grant(await account.grant(device))
  const rates = [1, 100].map(async (batch) => {
    const count = (quick ? 2 : 20) * 10 * (batch === 1 ? 1 : 50)
    const { wallMs, cpuMs } = await timed(() => {
      for (let n = 0; n < count; n += batch) temp.log.append(Array.from({ length: batch }, (_, at) => draft(n + at)))
      return undefined
    })
    say(`append, ${batch} at a time: ${perSecond(count, wallMs)} a second, ${perSecond(count, cpuMs)} a CPU second`)
    return perSecond(count, cpuMs)
  })
  const [single, batched] = await Promise.all(rates)
  temp.remove()
  return { appendPerCpuSecond: single!, appendBatchPerCpuSecond: batched! }
}

/** Another's log, checked and stored. */
async function taking(account: TestAccount, count: number, say: Say): Promise<Record<string, number>> {
  const device = new TestDevice()
  const entries: SealedEntry[] = await device.log(account, 1)
  while (entries.length < count) entries.push(device.seal(entries.at(-1)!, draft(entries.length)))
  const figures: Record<string, number> = {}
  for (const signatures of ['every', 'newest'] satisfies SignatureMode[]) {
    const temp = new TempLog({ now: Date.now })
    const { wallMs, cpuMs } = await timed(async () => {
      for (let from = 0; from < count; from += MAX_RANGE) {
        const { refused } = await temp.log.accept(entries.slice(from, from + MAX_RANGE), { signatures })
        if (refused !== null) throw refused
      }
    })
    say(
      `verify and store, ${signatures} signature: ${perSecond(count, wallMs)} a second, ${perSecond(count, cpuMs)} a CPU second`,
    )
    figures[`${signatures}PerSecond`] = perSecond(count, wallMs)
    figures[`${signatures}PerCpuSecond`] = perSecond(count, cpuMs)
    temp.remove()
  }
  return figures
}

/** From the first question to the last entry on disk, the other process on loopback; TLS, yamux and all. */
async function catchingUp(count: number, say: Say): Promise<Record<string, number>> {
  const child = spawn(process.execPath, [process.argv[1]!, '--serve', String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const [address, account] = line.toString().trim().split(' ') as [string, string]
  const figures: Record<string, number> = {}
  try {
    for (const signatures of ['every', 'newest'] satisfies SignatureMode[]) {
      const node = await CommunityNode.start()
      const { remotePeer } = await node.libp2p.dial(multiaddr(address))
      node.sync.follow(account, { ...ALL, signatures }) // nobody joined the topic: nothing begins by itself
      const { wallMs, cpuMs } = await timed(() => node.sync.fetchAccount(remotePeer.toString(), account))
      const { entries } = node.temp.log.count()
      if (entries !== count) throw new Error(`${entries} entries of ${count}`)
      say(
        `catch-up of ${count} entries, ${signatures} signature: ${wallMs.toFixed(0)} ms, ` +
          `${perSecond(count, wallMs)} a second; ${cpuMs.toFixed(0)} ms CPU here`,
      )
      figures[`${signatures}CatchUpMs`] = Math.round(wallMs)
      await node.stop()
    }
  } finally {
    child.stdin.end()
    await once(child, 'exit')
  }
  return figures
}

/** The other process: a log of so many entries, until its input ends. */
export async function serveLog(count: string): Promise<void> {
  const account = new TestAccount()
  const node = await CommunityNode.start()
  node.temp.log.grant(await account.grant(node.device))
  for (let left = Number(count) - 1; left > 0; left -= 500) {
    node.temp.log.append(Array.from({ length: Math.min(500, left) }, (_, at) => draft(at)))
  }
  process.stdout.write(`${String(node.libp2p.getMultiaddrs()[0])} ${account.address}\n`)
  process.stdin.resume()
  await once(process.stdin, 'end')
  await node.stop()
}
