import '../../platform/runtime-floor'
import { join } from 'node:path'
import type { LedgerService } from '@shared/engines/ledger-service'
import { StudioError } from '@shared/errors'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import { connect, serve } from '@shared/rpc/rpc'
import { LocalLedgers } from '../../ledger/embedded/local-ledgers'
import { rpcAnswer } from '../../ledger/embedded/rpc-answer'
import { onPort, parentRpcPort, portRpc } from './parent-port'

/** Entry of the ledger utility process: the local ledgers, their blocks and the key that seals them. */
let ledgers: LocalLedgers | null = null

function running(): LocalLedgers {
  if (!ledgers) throw new StudioError('engine-not-ready', 'The ledger has not been started.')
  return ledgers
}

const emit = serve<LedgerService>(parentRpcPort(), {
  start({ dataDir }) {
    ledgers = new LocalLedgers({
      dir: join(dataDir, 'ledgers'),
      onChanged: (status) => emit('changed', status),
      onRefused: (ledger, refusal) => emit('refused', { ledger, refusal }),
    })
    return undefined
  },
  home: () => running().home(),
  follow: ({ ledger, peers }) => running().follow(ledger, peers),
  async unfollow(ledger) {
    await running().unfollow(ledger)
    return undefined
  },
  list: () => running().list(),
  request: ({ ledger, method, params }) => rpcAnswer(running().request(ledger, { method, params })),
  async close() {
    await ledgers?.close() // the database before the process
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

onPort((use, port) => {
  if (use !== 'exchange') return
  const exchange = connect<ExchangeService>(portRpc(port))
  port.once('close', () => exchange.disconnect(new StudioError('engine-gone', 'The network engine stopped.')))
  running().connect(exchange)
  port.start()
})
