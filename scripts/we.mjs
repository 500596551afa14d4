/**
 * The headless command: `npm run -s we -- broadcast ...`. Builds when the sources changed, then becomes
 * out/main/cli.js in this very process: signals, standard streams and the exit code are the command's own, and there
 * is no child that could outlive us.
 */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'

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
  process.argv[1] = cli
  await import(pathToFileURL(cli).href)
}
