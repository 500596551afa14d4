import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import { formatLedgerAddress, parseLedgerAddress } from '@shared/ledger/ledger-address'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import { portPair } from '@shared/rpc/port-pair'
import { connect } from '@shared/rpc/rpc'
import { LocalLedgers } from '../main/ledger/embedded/local-ledgers'
import { LedgerPort } from '../main/peer/ledger-port'
import { lockProfile } from '../main/platform/profile-lock'
import { defaultDataDir, waitFor, type CommandContext } from './context'
import { openNode } from './node'

export interface LocalLedgerArguments {
  action: 'status' | 'host' | 'follow'
  /** Of the ledger to follow. */
  address: string | undefined
  listen: string[]
  peers: string[]
  seconds: number | undefined
  dataDir: string | undefined
}

/** `we ledger status`, `host` and `follow`: the local ledgers of a profile, without a window. */
export async function localLedgerCommand(args: LocalLedgerArguments, context: CommandContext): Promise<number> {
  if (args.action === 'status') return status(args, context)
  const { output, signal } = context
  const followed = args.action === 'host' ? null : parseLedgerAddress(args.address ?? '')
  const { node, close } = await openNode(
    args.dataDir,
    output.log,
    args.listen.length > 0 ? { listen: args.listen } : {},
  )
  const ledgers = new LocalLedgers({
    dir: ledgersDir(args.dataDir),
    onChanged: (now) => output.event('block', figures(now)),
    onRefused: (_, { peer, code, message, height }) => output.event('refused', { peer, code, message, height }),
  })
  const [near, far] = portPair()
  const port = new LedgerPort(far)
  try {
    ledgers.connect(connect<ExchangeService>(near))
    await port.attach(node.helia.libp2p, node.topics)
    if (args.peers.length > 0) await node.connect(args.peers, signal)
    const opened =
      followed === null
        ? await ledgers.home()
        : await ledgers.follow(followed.ledger, followed.peerId === null ? [] : [followed.peerId])
    const address = formatLedgerAddress(node.peerId, opened.id)
    output.event('ready', { ...figures(opened), address, multiaddrs: node.multiaddrs })
    output.log('Local ledger: test value only.')
    await waitFor(signal, args.seconds)
    return 0
  } finally {
    await ledgers.close()
    await port.detach()
    await close()
  }
}

async function status(args: LocalLedgerArguments, { output }: CommandContext): Promise<number> {
  const lock = await lockProfile(args.dataDir ?? defaultDataDir())
  const ledgers = new LocalLedgers({ dir: ledgersDir(args.dataDir) })
  try {
    const home = await ledgers.home()
    output.event('ledger', { ...figures(home), contracts: home.contracts })
    for (const id of await ledgers.keptIds()) output.event('kept', { id })
    output.log('Local ledger: test value only.')
    return 0
  } finally {
    await ledgers.close()
    await lock.release()
  }
}

function figures({ id, chainId, role, height, time, peers, problem }: LedgerStatus): Record<string, unknown> {
  return { id, chainId, role, height, time: new Date(time * 1000).toISOString(), peers, problem }
}

function ledgersDir(dataDir: string | undefined): string {
  return join(dataDir ?? defaultDataDir(), 'ledgers')
}

/** Throws StudioError `usage`. */
export function readLedgerAction(words: string[]): Pick<LocalLedgerArguments, 'action' | 'address'> {
  const [action, address, ...more] = words
  if (more.length === 0 && action === 'follow' && address !== undefined) return { action, address }
  if (address === undefined && (action === 'status' || action === 'host')) return { action, address }
  throw new StudioError(
    'usage',
    'Give: ledger status, host, follow ADDRESS, query, export FILE, or networks. See: npm run -s we -- help',
  )
}
