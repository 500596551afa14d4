/**
 * `npm run test:contracts`: what vitest cannot do for the contracts. forge's fuzz and invariant tests on the pinned
 * compiler, branch coverage, and solc's proofs of the arithmetic. `--calls N` sets the number of invariant calls (default
 * 100,000; 1,000,000 in CI). forge comes from npm for some platforms only: where it is missing this says so, and in CI
 * fails. Ends with the line "N passed, N failed".
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeCounts, sum } from './process/counts.mjs'
import { uncoveredBranches } from './solidity/lcov.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Calls of one invariant run; every CHECK_EVERY of them the books are compared. */
const DEPTH = 500
const CHECK_EVERY = 50

async function main() {
  const { values } = parseArgs({ options: { calls: { type: 'string' }, 'no-proofs': { type: 'boolean' } } })
  const calls = Number(values.calls ?? (process.env.CI ? 1_000_000 : 100_000))
  const all = []
  const forge = findForge()
  if (forge === null) {
    console.log('SKIPPED: fuzz and invariant tests of the contracts: there is no forge for this platform on npm')
    all.push({ passed: 0, failed: process.env.CI ? 1 : 0, skipped: ['forge'] })
  } else {
    all.push(await testWithForge(forge, calls))
    all.push(await measureCoverage(forge))
  }
  if (values['no-proofs'] !== true) all.push(await prove())
  const total = sum(all)
  console.log(describeCounts(total))
  return total.failed === 0 ? 0 : 1
}

/** @returns the binary inside the platform's package (its launcher would need a postinstall), or null. */
function findForge() {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch]
  const name = `@foundry-rs/forge-${process.platform}-${arch}`
  try {
    const folder = createRequire(import.meta.url).resolve(`${name}/package.json`)
    const binary = join(folder, '..', 'bin', process.platform === 'win32' ? 'forge.exe' : 'forge')
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

async function testWithForge(forge, calls) {
  const started = Date.now()
  // Two suites have invariants and share the calls.
  const runs = Math.max(1, Math.ceil(calls / 2 / DEPTH))
  const { code, output } = await run(forge, ['test', '--root', '.'], {
    FOUNDRY_INVARIANT_RUNS: String(runs),
    FOUNDRY_INVARIANT_DEPTH: String(DEPTH),
    FOUNDRY_INVARIANT_CHECK_INTERVAL: String(CHECK_EVERY),
  })
  const passed = output.match(/^\[PASS\]/gm)?.length ?? 0
  const failed = output.match(/^\[FAIL/gm)?.length ?? 0
  const made = [...output.matchAll(/invariant_\w+\(\) \(runs: \d+, calls: (\d+)/g)].reduce((n, [, one]) => n + +one, 0)
  // What forge prints on a failure is long; each failed test comes twice, hence counted from its summary below.
  if (code !== 0) console.log(output)
  console.log(`forge: ${made.toLocaleString('en')} invariant calls, ${passed} tests, ${seconds(started)} s`)
  if (code === 0 && made < calls) {
    console.log(`forge: only ${made} of ${calls} invariant calls were made`)
    return { passed, failed: 1, skipped: [] }
  }
  return { passed, failed: code === 0 ? 0 : Math.max(1, failed), skipped: [] }
}

async function measureCoverage(forge) {
  const started = Date.now()
  const report = join(root, 'artifacts/reports/contracts.lcov')
  mkdirSync(join(report, '..'), { recursive: true })
  const { code, output } = await run(forge, ['coverage', '--root', '.', '--report', 'lcov', '--report-file', report], {
    FOUNDRY_INVARIANT_RUNS: '4',
    FOUNDRY_INVARIANT_DEPTH: '200',
    FOUNDRY_INVARIANT_CHECK_INTERVAL: '50',
  })
  if (code !== 0) {
    console.log(output)
    return { passed: 0, failed: 1, skipped: [] }
  }
  const { total, missed } = uncoveredBranches(readFileSync(report, 'utf8'), 'contracts/src/')
  for (const { file, line } of missed) console.log(`coverage: ${file}:${line}: a branch is never taken`)
  console.log(`coverage: ${total - missed.length} of ${total} branches, ${seconds(started)} s`)
  return {
    passed: missed.length === 0 && total > 0 ? 1 : 0,
    failed: missed.length === 0 && total > 0 ? 0 : 1,
    skipped: [],
  }
}

async function prove() {
  const started = Date.now()
  const { code, output } = await run(process.execPath, [join(root, 'scripts/solidity/prove.mjs')])
  if (code !== 0) {
    console.log(output)
    return { passed: 0, failed: 1, skipped: [] }
  }
  const { proved, unproved } = JSON.parse(output)
  for (const text of unproved) console.log(text)
  console.log(`proofs: ${proved.length} proved, ${unproved.length} not, ${seconds(started)} s`)
  return { passed: proved.length, failed: unproved.length + (proved.length === 0 ? 1 : 0), skipped: [] }
}

/** Runs a program to its end; stdout and stderr together. */
function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, FOUNDRY_CONFIG: join(root, 'contracts/foundry.toml'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    const end = () => child.kill()
    process.once('SIGINT', end).once('SIGTERM', end)
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', end).off('SIGTERM', end)
      resolve({ code: code ?? 1, output })
    })
  })
}

const seconds = (started) => Math.round((Date.now() - started) / 1000)

process.exitCode = await main()
