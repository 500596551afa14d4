import { defaultBeaconDir } from '../main/peer/local-beacon'
import { PeerNode, type PeerNodeOptions } from '../main/peer/peer-node'
import { lockProfile } from '../main/platform/profile-lock'
import { loadDeviceKey } from '../main/wallet/device-key'
import { askPassphrase, defaultDataDir } from './context'

/** A running node on a profile folder, and its orderly end. */
export interface OpenNode {
  node: PeerNode
  close: () => Promise<void>
}

/** Locks the profile, opens (or makes) its key and starts the node; undoes all of it when a step fails. */
export async function openNode(
  dataDir: string | undefined,
  log: (line: string) => void,
  options: Pick<PeerNodeOptions, 'limits' | 'listen' | 'publicNetwork'> = {},
): Promise<OpenNode> {
  const folder = dataDir ?? defaultDataDir()
  const lock = await lockProfile(folder)
  try {
    const key = await loadDeviceKey(folder, { passphrase: process.env['WE_PASSPHRASE'] ?? askPassphrase })
    const node = await PeerNode.start({
      dataDir: folder,
      privateKey: key.peerKey,
      profile: 'lan',
      beaconDir: process.env['WE_BEACON_DIR'] ?? defaultBeaconDir(),
      log,
      ...options,
    })
    return {
      node,
      async close() {
        await node.stop()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}
