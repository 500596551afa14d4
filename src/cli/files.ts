import { resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import type { PublicNetwork } from '../main/peer/public/public-network'
import type { PublicNetworkOptions } from '../main/peer/public/public-parts'
import { parseFileAddress } from '../main/peer/storage/file-node'
import { writeNewFile } from '../main/platform/write-new-file'
import { parseRange } from './byte-size'
import type { CommandContext } from './context'
import { openNode } from './node'

const ANNOUNCE_MS = 90_000
const PROGRESS_EACH_MS = 500

export interface PublishArguments {
  file: string
  title: string | undefined
  layout: string | undefined
  publicNetwork: PublicNetworkOptions | null
  dataDir: string | undefined
}

/** `we publish`: puts a file into the profile's store, pinned, and prints its address. */
export async function publishCommand(args: PublishArguments, context: CommandContext): Promise<number> {
  const { output, signal } = context
  const layout = args.layout ?? 'modern'
  if (layout !== 'modern' && layout !== 'kubo') throw new StudioError('usage', '--layout is modern or kubo.')
  const { node, close } = await openNode(args.dataDir, output.log, { publicNetwork: args.publicNetwork })
  try {
    const { cid, url, title, size } = await node.files.publish(resolve(args.file), {
      ...(args.title === undefined ? {} : { title: args.title }),
      layout,
      signal,
      onProgress: told(output.json ? output.event : null),
    })
    output.event('published', { cid, url, title, size })
    if (node.publicNetwork !== null)
      output.event('announced', { cid, nodes: await announced(node.publicNetwork, cid, signal) })
    return 0
  } finally {
    await close()
  }
}

/** Throws StudioError `not-announced` when no node takes note in time. The file stays published. */
async function announced(network: PublicNetwork, address: string, signal: AbortSignal): Promise<number> {
  const limit = AbortSignal.timeout(ANNOUNCE_MS)
  try {
    return await network.announced(parseFileAddress(address), AbortSignal.any([signal, limit]))
  } catch (error) {
    if (!limit.aborted) throw error
    throw new StudioError(
      'not-announced',
      'The file is published, but no node of the public network could be reached to announce it. ' +
        'Check the connection and --bootstrap; "we peer --public" goes on trying.',
    )
  }
}

export interface GetArguments {
  address: string
  out: string
  range: string | undefined
  publicNetwork: PublicNetworkOptions | null
  peers: string[]
  dataDir: string | undefined
}

/** `we get`: a file, or a stretch of it, from whoever has it, into a file that appears when all of it is there. */
export async function getCommand(args: GetArguments, context: CommandContext): Promise<number> {
  const { output, signal } = context
  const cid = parseFileAddress(args.address)
  const { node, close } = await openNode(args.dataDir, output.log, { publicNetwork: args.publicNetwork })
  const startedAt = performance.now()
  try {
    if (args.peers.length > 0) await node.connect(args.peers, signal)
    else node.lookAround()
    const file = await node.files.open(cid, { signal, store: false })
    const { start, end } = args.range === undefined ? { start: 0, end: file.size } : parseRange(args.range, file.size)
    const tell = told(output.json ? output.event : null)
    async function* bytes(): AsyncGenerator<Uint8Array> {
      let done = 0
      for await (const part of file.read(start, end, signal, { lends: true })) {
        yield part
        done += part.length
        tell(done, end - start)
      }
    }
    const written = await writeNewFile(resolve(args.out), bytes())
    const from = Object.fromEntries(file.figures?.bySource ?? [])
    await file.close()
    output.event('got', { file: args.out, bytes: written, ms: Math.round(performance.now() - startedAt), from })
    return 0
  } finally {
    await close()
  }
}

export interface CarArguments {
  /** `export` or `import`. */
  action: string
  rest: string[]
  dataDir: string | undefined
}

/** `we car export CID FILE.car`, `we car import FILE.car`. */
export async function carCommand({ action, rest, dataDir }: CarArguments, context: CommandContext): Promise<number> {
  const { output, signal } = context
  const [first, second] = rest
  const fits = action === 'export' ? rest.length === 2 : action === 'import' && rest.length === 1
  if (!fits || first === undefined) {
    throw new StudioError('usage', 'Give: car export CID FILE.car, or car import FILE.car. See: npm run -s we -- help')
  }
  const address = action === 'export' ? parseFileAddress(first) : null
  const { node, close } = await openNode(dataDir, output.log)
  try {
    const onProgress = told(output.json ? output.event : null)
    if (address !== null) {
      const bytes = await node.files.exportCar(address, resolve(second!), { signal, onProgress })
      output.event('exported', { file: second, bytes })
    } else {
      const { cid, url, title, size } = await node.files.importCar(resolve(first), { signal, onProgress })
      output.event('imported', { cid, url, title, size })
    }
    return 0
  } finally {
    await close()
  }
}

/** Progress as events, twice a second at most. */
function told(
  event: ((name: string, fields: Record<string, unknown>) => void) | null,
): (done: number, total: number) => void {
  let at = 0
  return (done, total) => {
    if (event === null || performance.now() - at < PROGRESS_EACH_MS) return
    at = performance.now()
    event('progress', { done, total })
  }
}
