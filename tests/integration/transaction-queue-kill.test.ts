import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TransactionQueue } from '../../src/main/ledger/queue/transaction-queue'
import { RpcNetwork } from '../../src/main/ledger/rpc/rpc-network'
import { Anvil, anvilAccount, hasAnvil } from '../../src/main/ledger/testing/anvil'
import { deployLogContract } from '../../src/main/ledger/testing/log-contract'
import { testNetwork, topicOf } from '../../src/main/ledger/testing/test-intent'
import { walletSigner } from '../../src/main/ledger/testing/wallet-signer'

/** More by `WE_KILLS=200`. */
const KILLS = Number(process.env['WE_KILLS'] ?? 6)
const root = fileURLToPath(new URL('../..', import.meta.url))

describe.runIf(hasAnvil())('an app that is killed while it sends', () => {
  let anvil: Anvil
  let dir = ''
  let outDir = ''

  beforeAll(async () => {
    ;[anvil, dir] = await Promise.all([Anvil.start(), mkdtemp(join(tmpdir(), 'we-queue-kill-'))])
    outDir = join(dir, 'bundle')
    await build({
      ...{ configFile: false, logLevel: 'error', root },
      resolve: { alias: { '@shared': join(root, 'src/shared') } },
      ssr: { noExternal: true },
      build: {
        ssr: join(root, 'tests/integration/queue-process.ts'),
        ...{ target: 'node20.18', outDir, emptyOutDir: true },
        rolldownOptions: { output: { entryFileNames: 'entry.mjs' } },
      },
    })
  })
  afterAll(async () => {
    await anvil.stop()
    await rm(dir, { recursive: true, force: true })
  })

  test(
    `${KILLS} kills at random points: each intent happens exactly once, or is reported as not sent and never happens`,
    async () => {
      const provider = anvil.provider()
      const contract = await deployLogContract(anvilAccount(0).connect(provider))
      const journals = join(dir, 'journals')
      let known = 0
      let openAtKill = 0
      for (let kill = 0; kill < KILLS; kill += 1) {
        const child = spawn(process.execPath, [join(outDir, 'entry.mjs'), journals, anvil.url, contract, `${known}`], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        await once(child.stdout, 'data')
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
        child.kill('SIGKILL')
        await once(child, 'exit')
        const lines = await linesIn(journals)
        known = lines.filter(({ t }) => t === 'intent').length
        openAtKill += lines.at(-1)?.t === 'attempt' ? 1 : 0
      }
      expect(known).toBeGreaterThanOrEqual(KILLS)
      const ledger = await RpcNetwork.open(testNetwork(anvil.url))
      const signer = walletSigner(anvilAccount(1))
      const queue = await TransactionQueue.open({ dir: journals, ledger, signer, times: { pollMs: 5 } })
      await queue.recovered
      const logs = await provider.getLogs({ address: contract, fromBlock: 0 })
      const happened = new Map<string, number>()
      for (const { topics } of logs) happened.set(topics[0]!, (happened.get(topics[0]!) ?? 0) + 1)
      let notSent = 0
      for (let number = 0; number < known; number += 1) {
        const outcome = queue.outcomeOf(`intent-${number}`)
        expect(outcome).not.toBeNull()
        if (outcome?.state === 'not-sent') notSent += 1
        expect([number, happened.get(topicOf(number)) ?? 0]).toEqual([number, outcome?.state === 'mined' ? 1 : 0])
      }
      expect(logs.length + notSent).toBe(known)
      console.info(`${known} intents, ${notSent} reported as not sent, ${openAtKill} kills between signature and end`)
      await queue.close()
      provider.destroy()
    },
    30_000 + KILLS * 3_000,
  )
})

async function linesIn(folder: string): Promise<{ t: string }[]> {
  const names = await readdir(folder).catch(() => [])
  const [name] = names
  if (name === undefined) return []
  const text = await readFile(join(folder, name), 'utf8')
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as { t: string }) // prettier-ignore
}
