import '../../platform/runtime-floor'
import { join } from 'node:path'
import type { LedgerDeskEngine } from '@shared/engines/ledger-desk-service'
import { StudioError } from '@shared/errors'
import { serve } from '@shared/rpc/rpc'
import { deskHandlers } from '../../ledger/desk/desk-handlers'
import { LedgerDesk } from '../../ledger/desk/ledger-desk'
import { openLedger, type OpenLedger } from '../../ledger/embedded/open-ledger'
import { LocalNetwork } from '../../ledger/local-network'
import { lineLog } from '../../platform/log'
import { parentRpcPort } from './parent-port'

/** Entry of the process that has the ledger of this computer and looks things up in it. */
let home: OpenLedger | null = null
let desk: Promise<LedgerDesk> = Promise.reject(new StudioError('engine-not-ready', 'The ledger has not been started.'))
desk.catch(() => undefined)

const emit = serve<LedgerDeskEngine>(parentRpcPort(), {
  ...deskHandlers(() => desk),
  async start({ dataDir }) {
    const dir = join(dataDir, 'ledger')
    desk = open(dir)
    await desk
    return undefined
  },
  async close() {
    await desk.then((opened) => opened.close()).catch(() => undefined)
    await home?.close()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

async function open(dir: string): Promise<LedgerDesk> {
  const own = await openLedger({ dir: join(dir, 'home') })
  home = own
  const { ledger } = own
  const local = await LocalNetwork.open(
    { chainId: BigInt(ledger.chainId), contracts: ledger.contracts, request: (call) => own.request(call) },
    'Local ledger',
  )
  const opened = await LedgerDesk.open({
    ...{ dir, local, log: lineLog((line) => console.error(line)) },
    onChanged: (state) => emit('deskChanged', state),
  })
  ledger.onBlock(() => opened.poke())
  return opened
}
