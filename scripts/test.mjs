/**
 * Runs the tests: `npm test` = unit, build, e2e; `npm run test:unit`, `test:e2e`, `test:packaged` one kind. Further
 * arguments go to vitest or Playwright. Ends with the line "N passed, N failed" and a code other than 0 when a test
 * failed or none ran.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { installedBinary, installedVersion } from './electron/installed.mjs'
import { describeCounts, describeNames, fromPlaywright, fromVitest, sum } from './process/counts.mjs'
import { hasDisplay, startVirtualDisplay } from './process/display.mjs'
import { runForeground } from './process/foreground.mjs'
import { settle, worthSecondTry } from './process/second-try.mjs'
import { ensureSystemLibraries } from './system-libs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = join(root, 'artifacts/reports')
const KINDS = ['unit', 'e2e', 'packaged']
/**
 * What also runs under plain Node, as the headless command does: a live from capture to player by the command itself, and
 * what stands on the runtime's own crypto, sockets, files and native modules. Arithmetic is the same in both.
 */
const NODE_TESTS = [
  'tests/integration/we-live.test.ts',
  'src/cli',
  'src/main/community/log',
  'src/main/ledger/embedded/open-ledger.test.ts',
  'src/main/ledger/queue/embedded-queue.test.ts',
  'src/main/media/beauty/wasm-kernel.test.ts',
  'src/main/media/direct-pipe.test.ts',
  'src/main/media/face/face-tracker.test.ts',
  'src/main/media/ffmpeg-process.test.ts',
  'src/main/peer',
  'src/main/platform',
  'src/main/relay',
  'src/main/wallet',
  'src/shared/live',
  'src/shared/rpc',
]
/** Left out there: minutes of real time and of key derivation, whose parts are shown by the others; decoding of rubbish. */
const NOT_NODE_TESTS = [
  'src/main/peer/owner-uplink.test.ts',
  'src/main/wallet/accounts/account-store.test.ts',
  'src/main/peer/fuzz.test.ts',
  'src/main/peer/mesh/piece-gate.test.ts',
  'src/main/peer/mesh/piece-plane.test.ts',
  'src/main/relay/fuzz.test.ts',
  'src/main/wallet/wallet-engine.test.ts',
]

/** Left out in Electron's Node where they also run in Node, which is what the headless command is run by. */
const ONLY_NODE_TESTS = ['tests/integration/we-live.test.ts']

async function main([first, ...others]) {
  const isKind = KINDS.includes(first)
  const kinds = isKind ? [first] : ['unit', 'e2e']
  const args = isKind || first === undefined ? others : [first, ...others]
  if (!isKind && args.length > 0) {
    throw new Error(`Name one of ${KINDS.join(', ')} before further arguments: npm run test:unit -- ${args.join(' ')}`)
  }
  ensureSystemLibraries({ tools: ['ffmpeg'] })
  mkdirSync(reports, { recursive: true })

  const all = []
  for (const kind of kinds) all.push(...(await RUN[kind](args)))
  const total = sum(all)
  for (const line of describeNames(total)) console.log(line)
  console.log(describeCounts(total))
  return total.failed === 0 && all.every((one) => one.passed > 0) ? 0 : 1
}

const RUN = {
  async unit(args) {
    await ensureBuilt() // integration tests run the built command and engines
    const isBoth = Boolean(process.env.WE_NODE_TESTS === '1' || process.env.CI) && args.length === 0
    const electron = `Electron ${installedVersion()} as Node`
    const results = [await vitest(electron, 'unit', args, isBoth ? ONLY_NODE_TESTS : [])]
    if (isBoth) {
      const paths = NODE_TESTS.filter((path) => existsSync(join(root, path)))
      results.push(await vitest(`Node ${process.versions.node}`, 'unit-node', paths, NOT_NODE_TESTS))
    }
    return results
  },
  async e2e(args) {
    await ensureBuilt()
    return [await playwright('app', args)]
  },
  async packaged(args) {
    return [await playwright('packaged', args)]
  },
}

/** @param without files that are left out, from the root */
async function vitest(runtime, name, args, without) {
  console.log(`\ntest: ${name}, ${runtime}`)
  const isElectron = runtime.startsWith('Electron')
  const report = join(reports, `${name}.json`)
  const code = await runVitest(isElectron, report, args, without)
  const first = read(report)
  const again = process.env.CI && code === 1 && first ? worthSecondTry(first, root) : []
  if (again.length === 0) return counted(first, (one) => fromVitest(one, root), code, name)

  console.log(`\ntest: ${name}, a second try for ${again.join(', ')}`)
  const secondReport = join(reports, `${name}-again.json`)
  const secondCode = await runVitest(isElectron, secondReport, again, without)
  const second = read(secondReport)
  if (second === undefined) return counted(first, (one) => fromVitest(one, root), code, name)
  return counted(settle(first, second, root), (one) => fromVitest(one, root), secondCode, name)
}

async function runVitest(isElectron, report, args, without) {
  rmSync(report, { force: true })
  return await runForeground(
    isElectron ? installedBinary() : process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${join(root, 'scripts/process/vitest-report.mjs')}`,
      `--outputFile.json=${report}`,
      ...args,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        WE_TESTS_WITHOUT: without.join(','),
        ...(isElectron && { ELECTRON_RUN_AS_NODE: '1', ...longFuzz() }),
      },
    },
  )
}

/** CI gives the decoders of what strangers send more than two million inputs, half of them to the mesh's frames, in one of the two runtimes. */
function longFuzz() {
  return process.env.CI ? { WE_FUZZ: process.env.WE_FUZZ ?? '1000000' } : {}
}

async function playwright(project, args) {
  console.log(`\ntest: ${project}, Electron ${installedVersion()}`)
  const report = join(reports, `${project}.json`)
  rmSync(report, { force: true })
  const display = hasDisplay() ? undefined : await startVirtualDisplay()
  try {
    const code = await runForeground(
      process.execPath,
      [
        join(root, 'node_modules/@playwright/test/cli.js'),
        'test',
        `--project=${project}`,
        '--reporter=list,json',
        ...args,
      ],
      { cwd: root, env: { ...process.env, ...display?.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
    )
    return counted(read(report), fromPlaywright, code, project)
  } finally {
    display?.stop()
  }
}

/** @returns the JSON in a file, or undefined when it is missing or cut off: the run was killed. */
function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return undefined
  }
}

/** Counts what a report says; a run that failed without a failed test (a crash, no tests) counts as one. */
function counted(report, count, code, name) {
  if (code > 128) process.exit(code) // interrupted: no result, and nothing more to start
  const counts = report === undefined ? { passed: 0, failed: 0, skipped: [], failures: [], flaky: [] } : count(report)
  const fail = (why) => {
    counts.failed++
    counts.failures.push(why)
  }
  if (code !== 0 && counts.failed === 0) fail(`(the run itself): it ended with code ${code}`)
  if (counts.passed === 0 && counts.failed === 0) fail('(the run itself): no test ran')
  const named = (names) => names.map((one) => `${name} > ${one}`)
  return {
    ...counts,
    skipped: named(counts.skipped),
    failures: named(counts.failures),
    flaky: named(counts.flaky),
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`test: ${error.message}`)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
