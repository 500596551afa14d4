import type { Connection, Stream } from '@libp2p/interface'
import { TokenBucket } from '@shared/mesh/token-bucket'
import { PeerFault } from './peer-fault'

/** Of one connection: protocols come with the engines, which start together, and may be restarted. */
const BURST = 30
const PER_SECOND = 0.5

interface Pushes {
  handleProtocol: (stream: Stream, connection: Connection) => Promise<void>
}

/** Identify push that a peer cannot use to keep this node reading: up to 80 KB of what it says of itself in each, at no limit of its own. */
export function rarePushes<C, S>(
  create: (components: C) => S,
  now: () => number = () => performance.now(),
): (components: C) => S {
  return (components) => {
    const service = create(components)
    const pushes = service as unknown as Pushes
    const handle = pushes.handleProtocol.bind(service)
    const budgets = new WeakMap<Connection, TokenBucket>()
    pushes.handleProtocol = async (stream, connection) => {
      const budget = budgets.get(connection) ?? new TokenBucket(PER_SECOND, BURST, now())
      budgets.set(connection, budget)
      if (budget.take(1, now())) await handle(stream, connection)
      else connection.abort(new PeerFault('it tells of itself too often'))
    }
    return service
  }
}
