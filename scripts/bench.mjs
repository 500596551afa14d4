/** `npm run bench -- NAME [options]`: runs `bench/NAME.ts`. The last line on stdout is one JSON object. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runBundled } from './process/run-bundled.mjs'

const [name, ...options] = process.argv.slice(2)
// Pieces that several share and the contact sheet are no benchmarks of their own.
const names = readdirSync(fileURLToPath(new URL('../bench', import.meta.url)))
  .filter((file) => /^[a-z]+\.ts$/.test(file))
  .map((file) => file.slice(0, -3))

if (name === undefined || !names.includes(name)) {
  console.error(`Usage: npm run bench -- ${names.join('|')} [--quick] [--json]`)
  process.exit(2)
}
await runBundled(name, options)
