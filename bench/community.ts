import '../src/main/platform/runtime-floor'
import { parseArgs } from 'node:util'

/**
 * The community's records: `npm run bench -- community [PART...]`. Without a name all parts run. Each part says its lines
 * and returns its figures; the last line on stdout is one JSON object of them all.
 */
type Measure = (quick: boolean, say: (line: string) => void) => Promise<unknown>
const PARTS: Readonly<Record<string, () => Promise<Measure>>> = {
  log: async () => (await import('./community/log')).logFigures,
  search: async () => (await import('./community/search')).measureSearch,
}

const { values, positionals } = parseArgs({
  options: {
    ...{ quick: { type: 'boolean' }, json: { type: 'boolean' } },
    serve: { type: 'string' }, // the other process of the log's part
  },
  allowPositionals: true,
})
if (values.serve !== undefined) await (await import('./community/log')).serveLog(values.serve)
else {
  const figures: Record<string, unknown> = {}
  for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
    const part = PARTS[name]
    if (part === undefined) throw new Error(`There is no part ${name}: ${Object.keys(PARTS).join(', ')}`)
    const measure = await part()
    figures[name] = await measure(values.quick === true, (line) => {
      if (values.json !== true) console.log(line)
    })
  }
  console.log(JSON.stringify({ bench: 'community', quick: values.quick === true, ...figures }))
  process.exit(0)
}
