import '../src/main/platform/runtime-floor'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mutantsOf, type Mutant } from './mutants/mutate'

/**
 * How good the contracts' tests are: changes one spot of a contract at a time, compiles, and runs the unit tests of that
 * contract against it. A change that no test notices survives and is listed. `--quick` tries 20, default 120, `--all`
 * every one; the same seed gives the same sample; `--only TipBank` one contract.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    all: { type: 'boolean' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string' },
  },
})

/** Which tests are about which source. */
const EVERY = ['tip-bank', 'gifts', 'content', 'we-token']
const TESTS: Record<string, readonly string[]> = {
  TipBank: ['tip-bank'],
  GiftRouter: ['gifts'],
  GiftCatalog: ['gifts'],
  GuardianPause: ['gifts', 'tip-bank'],
  ContentRegistry: ['content'],
  AccessMarket: ['content'],
  Registry: ['content'],
  WEToken: ['we-token'],
  AllocationVesting: ['we-token'],
  TestFaucet: ['we-token'],
  Shares: EVERY,
  PaidInWE: EVERY,
}

type Fate = 'killed' | 'survived' | 'invalid' | 'same code'

const root = process.cwd()
const work = mkdtempSync(join(tmpdir(), 'we-mutants-'))
const counts: Record<Fate, number> = { killed: 0, survived: 0, invalid: 0, 'same code': 0 }
const survivors: string[] = []
try {
  const folders = ['contracts', 'scripts', 'src/shared', 'src/main/platform', 'src/main/ledger/embedded']
  for (const path of [...folders, 'package.json', 'vitest.config.ts']) {
    cpSync(join(root, path), join(work, path), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'))
  if ((await test(EVERY)) !== 0) throw new Error('The tests fail without any change: nothing can be said of changes')
  const wanted = options.only === undefined ? Object.keys(TESTS) : [options.only]
  const all = wanted.flatMap((name) => mutantsOf(name, readFileSync(sourceOf(root, name), 'utf8')))
  const count = options.all === true ? all.length : Number(options.count ?? (options.quick === true ? 20 : 120))
  for (const mutant of sample(all, count)) await attempt(mutant)
  const judged = counts.killed + counts.survived
  if (options.json !== true) for (const one of survivors) console.log(`survived: ${one}`)
  console.log(
    JSON.stringify({ possible: all.length, judged, ...counts, killedShare: counts.killed / judged, survivors }),
  )
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function attempt(mutant: Mutant): Promise<void> {
  const path = sourceOf(work, mutant.contract)
  const original = readFileSync(path, 'utf8')
  writeFileSync(path, mutant.source)
  const fate = await judge(mutant)
  writeFileSync(path, original)
  counts[fate]++
  if (fate === 'survived') survivors.push(mutant.words)
  if (options.json !== true) console.log(`${fate.padEnd(9)} ${mutant.words}`)
}

async function judge(mutant: Mutant): Promise<Fate> {
  if ((await run(['scripts/contracts.mjs'])) !== 0) return 'invalid'
  if (artifactsIn(work) === artifactsIn(root)) return 'same code'
  return (await test(TESTS[mutant.contract]!)) === 0 ? 'survived' : 'killed'
}

/** A busy computer must not kill mutants: only what never ends runs out of time. */
function test(names: readonly string[]): Promise<number> {
  const files = names.map((name) => `contracts/test/${name}.test.ts`)
  const patience = ['--testTimeout=240000', '--hookTimeout=240000']
  return run(['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--reporter=dot', ...patience, ...files])
}

function artifactsIn(folder: string): string {
  const names = readdirSync(join(folder, 'contracts/artifacts')).sort()
  return names.map((name) => readFileSync(join(folder, 'contracts/artifacts', name), 'utf8')).join()
}

function sourceOf(folder: string, name: string): string {
  return join(folder, 'contracts/src', `${name}.sol`)
}

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: work, stdio: 'ignore', timeout: 300_000 })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1)) // a mutant that never ends is noticed too
  })
}

/** A seeded draw without repetition (xorshift32). */
function sample(from: readonly Mutant[], count: number): Mutant[] {
  let state = Number(options.seed) >>> 0 || 1
  const rest = [...from]
  const drawn: Mutant[] = []
  while (drawn.length < count && rest.length > 0) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    drawn.push(...rest.splice((state >>> 0) % rest.length, 1))
  }
  return drawn
}
