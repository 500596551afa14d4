import '../src/main/platform/runtime-floor'
import { parseArgs } from 'node:util'
import { logFigures, serveLog } from './community/log'

/** The community part: each part measures one thing and returns its figures under its name. */
const PARTS: Readonly<
  Record<string, (quick: boolean, say: (line: string) => void) => Promise<Record<string, number>>>
> = {
  log: logFigures,
}

const { values } = parseArgs({
  options: {
    ...{ quick: { type: 'boolean' }, json: { type: 'boolean' }, part: { type: 'string' } },
    // the other process of the log's part
    serve: { type: 'string' },
  },
})
if (values.serve !== undefined) await serveLog(values.serve)
else {
  const figures: Record<string, Record<string, number>> = {}
  for (const [name, measure] of Object.entries(PARTS)) {
    if (values.part !== undefined && values.part !== name) continue
    figures[name] = await measure(values.quick === true, (line) => {
      if (values.json !== true) console.log(line)
    })
  }
  console.log(JSON.stringify(figures))
}
