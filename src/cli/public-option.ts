import { StudioError } from '@shared/errors'
import { EntryAddress } from '@shared/network/public-network'
import type { PublicNetworkOptions } from '../main/peer/public/public-parts'

/**
 * `--public [--bootstrap MULTIADDR]...`: the public IPFS network, or one of one's own that is entered there; `--bootstrap self` is its
 * first node. Throws StudioError `usage`.
 */
export function publicOption(on: boolean, bootstrap: string[]): PublicNetworkOptions | null {
  if (!on) {
    if (bootstrap.length > 0) throw new StudioError('usage', '--bootstrap goes with --public.')
    return null
  }
  const entries = bootstrap.filter((text) => text !== 'self')
  const wrong = entries.find((text) => !EntryAddress.safeParse(text).success)
  if (wrong !== undefined) {
    throw new StudioError(
      'usage',
      `--bootstrap: "${wrong}" is no address with a peer id. It looks like /ip4/203.0.113.5/tcp/4001/p2p/12D3Koo…`,
    )
  }
  return { bootstrap: bootstrap.length === 0 ? null : entries }
}
