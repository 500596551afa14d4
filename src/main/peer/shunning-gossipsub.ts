import { gossipsub, type GossipSub } from '@libp2p/gossipsub'
import { boundGossip } from './gossip-bounds'

const MAX_SHUNNED = 10_000
const shunned = new WeakMap<object, Set<string>>()

type Options = NonNullable<Parameters<typeof gossipsub>[0]>
type Factory = ReturnType<typeof gossipsub>

/**
 * Gossipsub that can be told to take nothing more of a peer: its score falls below the threshold at which messages are
 * not even looked at (-100 by a weight of 10, graylist at -80), and meshes let it go. A flood costs nothing then.
 */
export function shunningGossipsub(options: Options): Factory {
  return (components) => {
    const peers = new Set<string>()
    const pubsub = gossipsub({
      ...options,
      scoreParams: { ...options.scoreParams, appSpecificScore: (peer) => (peers.has(peer) ? -10 : 0) },
    })(components)
    // scores are looked up once a second and for every 128 messages: a flood is over before that
    const router = pubsub as GossipSub & { acceptFrom: (peer: string) => boolean }
    const accepts = router.acceptFrom.bind(router)
    router.acceptFrom = (peer) => !peers.has(peer) && accepts(peer)
    boundGossip(pubsub)
    shunned.set(pubsub, peers)
    return pubsub
  }
}

/** Nothing more is taken from the peer on any topic, while the node runs. */
export function shun(pubsub: GossipSub, peer: string): void {
  const peers = shunned.get(pubsub)
  if (peers === undefined) return
  peers.add(peer)
  if (peers.size > MAX_SHUNNED) peers.delete(peers.values().next().value!)
}
