import '../src/main/platform/runtime-floor'
import { parseArgs } from 'node:util'

/**
 * The community's records: `npm run bench -- community [PART...]`. Without a name all parts run. Each part says its lines
 * and returns its figures; the last line on stdout is one JSON object of them all.
 */
const PARTS: Readonly<Record<string, () => Promise<(quick: boolean) => Promise<unknown>>>> = {
  search: async () => (await import('./community/search')).measureSearch,
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' } },
  allowPositionals: true,
})
const figures: Record<string, unknown> = {}
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  const part = PARTS[name]
  if (part === undefined) throw new Error(`There is no part ${name}: ${Object.keys(PARTS).join(', ')}`)
  figures[name] = await (await part())(values.quick === true)
}
console.log(JSON.stringify({ bench: 'community', quick: values.quick === true, ...figures }))
process.exit(0)
