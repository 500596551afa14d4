import { StudioError } from '@shared/errors'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import { DEFAULT_LIMITS, StorageLimits } from '@shared/storage/stored-file'
import { LiveKeeper } from '../main/peer/storage/live-keeper'
import type { PublicNetworkOptions } from '../main/peer/public/public-parts'
import { parseBitRate, parseByteSize } from './byte-size'
import { waitFor, type CommandContext } from './context'
import { openNode } from './node'

const FIGURES_EACH_MS = 10_000

export interface PeerArguments {
  /** Peer ids of broadcasters whose lives are kept and passed on, with commas; `all` for every live that is found. */
  channels: string | undefined
  space: string | undefined
  uplink: string | undefined
  listen: string[]
  peers: string[]
  publicNetwork: PublicNetworkOptions | null
  seconds: number | undefined
  dataDir: string | undefined
}

/** `we peer`: a seeder without a window. Gives what it holds, keeps the lives of its channels, prints figures, ends on SIGTERM. */
export async function peerCommand(args: PeerArguments, context: CommandContext): Promise<number> {
  const { output, signal } = context
  const limits = StorageLimits.safeParse({
    spaceBytes: args.space === undefined ? DEFAULT_LIMITS.spaceBytes : parseByteSize('space', args.space),
    uplinkKbps: args.uplink === undefined ? DEFAULT_LIMITS.uplinkKbps : parseBitRate('uplink', args.uplink),
  })
  if (!limits.success) throw new StudioError('usage', '--space is 64MiB or more, --uplink 0 or more.')
  const channels = parseChannels(args.channels)
  const { node, close } = await openNode(args.dataDir, output.log, {
    limits: limits.data,
    publicNetwork: args.publicNetwork,
    ...(args.listen.length > 0 ? { listen: args.listen } : {}),
  })
  const keeper = channels === null ? null : new LiveKeeper(node, channels, output.event)
  const tell = (): void => {
    const { peers, ...figures } = node.files.figures()
    const connected = node.connectedPeers.length
    output.event('figures', {
      files: node.files.list().length,
      ...figures,
      connected,
      servedTo: peers,
      public: node.publicNetwork?.figures,
    })
  }
  const timer = setInterval(tell, FIGURES_EACH_MS)
  try {
    output.event('ready', { peerId: node.peerId, multiaddrs: node.multiaddrs, files: node.files.list().length })
    if (args.peers.length > 0) await node.connect(args.peers, signal)
    keeper?.start()
    await waitFor(signal, args.seconds)
    await keeper?.stop()
    tell()
    return 0
  } finally {
    clearInterval(timer)
    await close()
  }
}

function parseChannels(text: string | undefined): ReadonlySet<string> | 'all' | null {
  if (text === undefined || text === 'all') return text ?? null
  const ids = text.split(',').map((id) => id.trim())
  const wrong = ids.find((id) => publicKeyOfPeerId(id) === null)
  if (wrong !== undefined) {
    throw new StudioError(
      'usage',
      `--channels: "${wrong}" is no peer id. It looks like 12D3Koo… and is in the link of a live.`,
    )
  }
  return new Set(ids)
}
