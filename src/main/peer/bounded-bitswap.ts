import { withBitswap } from '@helia/bitswap'
import type { HeliaWithLibp2p } from '@helia/libp2p'
import type { ServiceMap } from '@libp2p/interface'

/** Of one peer at once; most implementations use one for all messages, ours one for each. */
const MOST_STREAMS = 16
/** A list of 1,024 wants, the most that is kept of a peer; and a message with blocks, which comes only when some were asked for. */
const LIST_BYTES = 64 * 1024
const MESSAGE_BYTES = 4 * 1024 * 1024
/** Of blocks in one message to a peer. */
const SENT_BYTES = 1024 * 1024
const MOST_AT_ONCE = 64

interface Want {
  status: string
}

/** What is used of @helia/bitswap 4 beyond its types. */
interface Ledger {
  wants: Map<string, Want>
  bytesSent: number
  sendBlocksToPeer: (options?: unknown) => Promise<void>
}

interface Bitswap {
  network: { maxIncomingMessageSize: number }
  wantList: { wants: { size: number } }
  peerWantLists: { ledgerMap: { set: (peer: unknown, ledger: Ledger) => unknown } }
}

/**
 * Bitswap that a peer cannot make keep much. The library reads all blocks that a peer wants, up to 1,024 of 2 MiB, before it sends the
 * first; and takes 4 MiB on each of 1,024 streams of a peer that was asked for nothing.
 */
export function withBoundedBitswap<T extends ServiceMap>(helia: HeliaWithLibp2p<T>): HeliaWithLibp2p<T> {
  const add = helia.addBlockBroker.bind(helia)
  helia.addBlockBroker = (broker) => {
    if ('bitswap' in broker) bound(broker.bitswap as Bitswap)
    add(broker)
  }
  return withBitswap(helia, { maxInboundStreams: MOST_STREAMS })
}

function bound({ network, wantList, peerWantLists }: Bitswap): void {
  Object.defineProperty(network, 'maxIncomingMessageSize', {
    get: () => (wantList.wants.size > 0 ? MESSAGE_BYTES : LIST_BYTES),
  })
  const { ledgerMap } = peerWantLists
  const set = ledgerMap.set.bind(ledgerMap)
  ledgerMap.set = (peer, ledger) => {
    sendInParts(ledger)
    return set(peer, ledger)
  }
}

/** Exported for its test. Each part is sent before the blocks of the next one are read; its size follows from the blocks before. */
export function sendInParts(ledger: Ledger): void {
  const send = ledger.sendBlocksToPeer.bind(ledger)
  ledger.sendBlocksToPeer = async (options) => {
    const unsent = [...ledger.wants.values()].filter(({ status }) => status === 'want')
    let count = 1
    while (unsent.length > 0) {
      const part = unsent.splice(0, count)
      const others = [...ledger.wants.values()].filter((want) => want.status === 'want' && !part.includes(want))
      for (const want of others) want.status = 'later'
      const before = ledger.bytesSent
      try {
        await send(options)
      } finally {
        for (const want of others) if (want.status === 'later') want.status = 'want'
      }
      const each = Math.max((ledger.bytesSent - before) / part.length, SENT_BYTES / MOST_AT_ONCE)
      count = Math.max(1, Math.floor(SENT_BYTES / each))
    }
  }
}
