/** `npm run sim -- NAME [options]`: runs `sim/NAME.ts`, a simulation with the code of the app. With --json the last line is one JSON object. */
import { runBundled } from './process/run-bundled.mjs'

const [name, ...options] = process.argv.slice(2)
const names = ['mesh']

if (name === undefined || !names.includes(name)) {
  console.error(
    `Usage: npm run sim -- ${names.join('|')} [--quick] [--peers N] [--stripes K] [--load R] [--join SECONDS] [--look MS] [--choose NAME|all] [--scenario NAME|all] [--json]`,
  )
  process.exit(2)
}
await runBundled(name, options, { folder: 'sim', memoryMb: 12_288, youngMb: 64 })
