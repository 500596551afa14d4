import '../src/main/platform/runtime-floor'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { useSignatureKernel } from '../src/main/platform/ed25519'
import { logFigures, serveLog } from './community/log'
import { roomFigures, serveRoom } from './community/room'
import { searchFigures } from './community/search'

/** The community part: each part measures one thing and returns its figures under its name. */
const PARTS: Readonly<
  Record<string, (quick: boolean, say: (line: string) => void) => Promise<Record<string, number>>>
> = {
  log: logFigures,
  search: searchFigures,
  room: roomFigures,
}

useSignatureKernel(join(process.cwd(), 'resources/kernel/ed25519.wasm'), console.error)
const { values } = parseArgs({
  options: {
    ...{ quick: { type: 'boolean' }, json: { type: 'boolean' }, part: { type: 'string' } },
    serve: { type: 'string' }, // the other process of the log's part
    'room-nodes': { type: 'boolean' }, // those of the rooms' part
  },
})
if (values.serve !== undefined) await serveLog(values.serve)
else if (values['room-nodes'] === true) await serveRoom()
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
