import type { PeerService } from '@shared/engines/peer-service'
import type { ServiceClient } from '@shared/rpc/rpc'

/** A whole file by its CID, from this computer or from peers, piece by piece; who stops early ends the fetching. */
export async function* readPeerFile(peer: ServiceClient<PeerService>, cid: string): AsyncGenerator<Uint8Array> {
  const { size } = await peer.call('aboutFile', cid)
  const reader = await peer.call('beginFile', { cid, start: 0, end: size })
  try {
    for (
      let bytes = await peer.call('nextOfFile', reader);
      bytes !== null;
      bytes = await peer.call('nextOfFile', reader)
    )
      yield bytes
  } finally {
    await peer.call('endFile', reader).catch(() => undefined)
  }
}
