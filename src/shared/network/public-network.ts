import { z } from 'zod'

/** Where a network of one's own is entered: `/ip4/203.0.113.5/tcp/4001/p2p/12D3KooW...`. */
export const EntryAddress = z
  .string()
  .max(300)
  .regex(/^\/(ip4|ip6|dns|dns4|dns6|dnsaddr)\/[^\s]+\/p2p\/[A-Za-z0-9]{32,64}$/)

/** What the person chose: whether strangers may find this computer, and where it enters. */
export const PublicNetworkSettings = z.object({
  enabled: z.boolean(),
  /** Entry points of a network of one's own; none: the public IPFS network. */
  bootstrap: z.array(EntryAddress).max(20),
})
export type PublicNetworkSettings = z.infer<typeof PublicNetworkSettings>

/** Off: nothing leaves the local network unasked. */
export const PUBLIC_NETWORK_OFF: PublicNetworkSettings = { enabled: false, bootstrap: [] }

/** How the connection stands. */
export const PublicNetworkState = z.object({
  wanted: PublicNetworkSettings,
  /**
   * `joining`: on, and nobody reached yet. `waiting`: the change comes when the live, the watched live and what is being
   * fetched, played or published are over. `switching`: the node is being restarted. `failed`: `message` says why.
   */
  state: z.enum(['off', 'joining', 'on', 'waiting', 'switching', 'failed']),
  message: z.string(),
  /** Nodes in the routing table. */
  nodes: z.number(),
  /** Files that can be found by their CID, of those that are to be. */
  announced: z.number(),
  toAnnounce: z.number(),
})
export type PublicNetworkState = z.infer<typeof PublicNetworkState>
