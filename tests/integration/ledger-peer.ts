/**
 * A node with its ledgers in a process of its own, driven over IPC by ledger-peers.test.ts: the real PeerNode and
 * LocalLedgers, or a liar that serves made-up answers.
 */
import '../../src/main/platform/runtime-floor'
import { join } from 'node:path'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import { encodeBlock, decodeBlock, encodeHeader } from '@shared/ledger/block'
import { LedgerRequest, readCbor } from '@shared/ledger/ledger-request'
import { portPair } from '@shared/rpc/port-pair'
import { connect } from '@shared/rpc/rpc'
import { keccak256 } from '../../src/main/ledger/embedded/keccak'
import { LocalLedgers } from '../../src/main/ledger/embedded/local-ledgers'
import { loadHostKey } from '../../src/main/ledger/embedded/host-key'
import { openLedger } from '../../src/main/ledger/embedded/open-ledger'
import { FREELY } from '../../src/main/ledger/embedded/testing/temp-ledger'
import { LedgerPort } from '../../src/main/peer/ledger-port'
import { PeerNode } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

export type Lie = 'forged' | 'flood' | 'huge'

export type LedgerPeerCommand =
  | { do: 'start'; dataDir: string; lie?: Lie }
  | { do: 'connect'; addresses: string[] }
  | { do: 'home' | 'list' | 'stop' }
  | { do: 'follow'; id: string; peers: string[] }
  | { do: 'request'; id: string; method: string; params: unknown[] }

let node: PeerNode | null = null
let ledgers: LocalLedgers | null = null

async function run(command: LedgerPeerCommand): Promise<unknown> {
  switch (command.do) {
    case 'start': {
      const { peerKey } = await loadDeviceKey(command.dataDir)
      node = await PeerNode.start({ dataDir: command.dataDir, privateKey: peerKey, profile: 'test' })
      const [near, far] = portPair()
      const port = new LedgerPort(far)
      const exchange = connect<ExchangeService>(near)
      if (command.lie === undefined) {
        ledgers = new LocalLedgers({ dir: join(command.dataDir, 'ledgers'), admission: FREELY })
        ledgers.connect(exchange)
      } else await lieAbout(join(command.dataDir, 'ledgers', 'home'), command.lie, exchange)
      await port.attach(node.helia.libp2p, node.topics)
      return { peerId: node.peerId, multiaddrs: node.multiaddrs }
    }
    case 'connect':
      return node!.connect(command.addresses)
    case 'home':
      return ledgers!.home()
    case 'list':
      return ledgers!.list()
    case 'follow':
      return ledgers!.follow(command.id, command.peers)
    case 'request':
      return ledgers!.request(command.id, command)
    case 'stop':
      await ledgers?.close()
      await node?.stop()
      return {}
  }
}

/** Answers for the ledger in the folder, with the host's own key and other blocks than it made. */
async function lieAbout(dir: string, lie: Lie, exchange: ReturnType<typeof connect<ExchangeService>>): Promise<void> {
  const opened = await openLedger({ dir })
  const { ledger } = opened
  const key = await loadHostKey(dir)
  const id = Buffer.from(ledger.genesisHash).toString('hex')
  const answers = (request: LedgerRequest): Uint8Array[] => {
    if (request.q === 'genesis') return [ledger.store.genesis()!]
    if (request.q !== 'blocks') return []
    if (lie === 'flood') return Array.from({ length: 10_000 }, () => ledger.store.block(1)!)
    if (lie === 'huge') return [new Uint8Array(1_900_000)]
    const { header, transactions } = decodeBlock(ledger.store.block(request.from)!)
    const forged = { ...header, r: new Uint8Array(32).fill(9) }
    return [encodeBlock({ header: forged, transactions, signatures: [key.sign(keccak256(encodeHeader(forged)))] })]
  }
  exchange.on('restarted', () => void exchange.call('join', id))
  exchange.on('asked', ({ id: asked, request }) => {
    void exchange.call('answer', { id: asked, frames: answers(readCbor(LedgerRequest, request)) })
  })
}

process.on('message', ({ id, command }: { id: number; command: LedgerPeerCommand }) => {
  run(command).then(
    (value) => process.send?.({ event: 'answer', id, value }),
    (error: unknown) => {
      const { code, message } = error as { code?: string | number; message: string }
      process.send?.({ event: 'answer', id, error: { code: String(code), message } })
    },
  )
})
process.on('disconnect', () => process.exit(0)) // the test is gone
process.send?.({ event: 'up' })
