import { StudioError } from '@shared/errors'
import { RelayUrl } from '@shared/live/relay-url'
import { SMALL, SOURCE, type QualityChoice } from '@shared/live/rendition'
import { ShowFile } from '../main/media/show-file'
import { waitFor, type CommandContext } from './context'
import { openNode } from './node'
import { readWatchAddress } from '../main/relay/pull/watch-address'
import { watchPulled } from './watch-pulled'

export interface WatchArguments {
  url: string
  out: string | undefined
  seconds: number | undefined
  peers: string[]
  /** Relays that have it, besides those that its broadcaster names. */
  relays: string[]
  quality: string | undefined
  dataDir: string | undefined
}

/** `we watch`: follows a live until it ends, the time is up or Ctrl-C; with --out it becomes an MP4 file. */
export async function watchCommand(args: WatchArguments, context: CommandContext): Promise<number> {
  const address = readWatchAddress(args.url)
  if (address.kind !== 'live') return watchPulled(address, args, context)
  const { output, signal } = context
  const quality = parseQuality(args.quality)
  if (args.relays.some((relay) => !RelayUrl.safeParse(relay).success)) {
    throw new StudioError(
      'usage',
      '--relay looks like https://relay.example.org/live/NAME.we. See: npm run -s we -- help',
    )
  }
  const file = args.out === undefined ? null : await ShowFile.create(args.out, context.ffmpegPath)
  const startedAt = performance.now()
  try {
    const { node, close } = await openNode(args.dataDir, output.log)
    let reason = 'closed'
    try {
      const view = await node.watch(args.url, { peers: args.peers, relays: args.relays, signal, quality })
      const over = new AbortController()
      let failure: unknown = null
      let writing = Promise.resolve()
      let timer: NodeJS.Timeout | undefined
      view.on('playing', () => {
        // The person waits from the command on, so the node's own start counts.
        output.event('playing', { startupMs: Math.round(performance.now() - startedAt), title: view.listing.title })
        if (args.seconds !== undefined) timer = setTimeout(() => over.abort(), args.seconds * 1000)
      })
      view.on('segment', (segment) => {
        output.event('segment', { ...segment })
        if (!file) return
        writing = writing
          .then(async () => {
            const init = view.init(segment.initCid)
            const bytes = await view.segment(segment.seq, segment.rendition)
            if (init && bytes) await file.append(segment.initCid, init, bytes)
          })
          .catch((error: unknown) => {
            failure ??= error
            over.abort()
          })
      })
      view.on('relay', ({ on }) => output.event('relay', { on }))
      view.on('refused', (refusal) => output.event('refused', { ...refusal }))
      view.on('stats', (stats) => output.event('stats', { ...stats }))
      view.on('ended', (end) => {
        reason = end.reason
        output.log(end.message)
        over.abort()
      })
      await waitFor(AbortSignal.any([signal, over.signal]))
      clearTimeout(timer)
      await writing
      await view.close()
      if (failure) throw failure as Error
    } finally {
      await close()
    }
    const written = await file?.finish()
    output.event('ended', { reason, ...(written ? { file: args.out, segments: written } : {}) })
    return 0
  } catch (error) {
    await file?.discard()
    throw error
  }
}

/** @throws StudioError `usage` */
function parseQuality(text: string | undefined): QualityChoice {
  if (text === undefined) return SOURCE
  if (text === SOURCE || text === SMALL || text === 'auto') return text
  throw new StudioError('usage', '--quality is source, small or auto. See: npm run -s we -- help')
}
