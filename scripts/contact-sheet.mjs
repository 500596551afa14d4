/** `npm run contact-sheet -- DIR`: befores and afters of the pictures in DIR, or of the demo presenter, as one PNG. */
import { runBundled } from './process/run-bundled.mjs'

await runBundled('contact-sheet', process.argv.slice(2))
