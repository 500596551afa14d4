/**
 * The headless command: `npm run -s we -- broadcast ...`. Builds when the sources changed, then becomes
 * out/main/cli.js in this very process: signals, standard streams and the exit code are the command's own, and there
 * is no child that could outlive us.
 */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'

const PARENT_CHECK_MS = 200
const cli = join(fileURLToPath(new URL('..', import.meta.url)), 'out/main/cli.js')

let isReady = false
try {
  await ensureBuilt()
  isReady = true
} catch (error) {
  console.error(`we: ${error.message}`)
  process.exitCode = 1
}
if (isReady) {
  if (process.env.npm_lifecycle_event) endWithParent()
  process.argv[1] = cli
  await import(pathToFileURL(cli).href)
}

/**
 * npm puts a shell between itself and us, and passes signals to that shell only. It dies of them and we would live on
 * as an orphan, so its end counts as the signal. It can go when npm starts scripts without a shell.
 */
function endWithParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGINT')
  }, PARENT_CHECK_MS)
  timer.unref()
}
