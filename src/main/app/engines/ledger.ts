import '../../platform/runtime-floor'
import { join } from 'node:path'
import type { LedgerEngineService } from '@shared/engines/ledger-desk-service'
import { StudioError } from '@shared/errors'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import { connect, serve } from '@shared/rpc/rpc'
import { deskHandlers } from '../../ledger/desk/desk-handlers'
import { followedLedgers } from '../../ledger/desk/followed-ledgers'
import { LedgerDesk } from '../../ledger/desk/ledger-desk'
import { LocalLedgers } from '../../ledger/embedded/local-ledgers'
import { rpcAnswer } from '../../ledger/embedded/rpc-answer'
import { homeNetwork } from '../../ledger/local-network'
import { lineLog } from '../../platform/log'
import { onPort, parentRpcPort, portRpc } from './parent-port'

/** Entry of the ledger utility process: the local ledgers, their blocks and the key that seals them. */
let ledgers: LocalLedgers | null = null
/** Looks things up; opened when the first thing is asked for. */
let desk: Promise<LedgerDesk> | null = null
let deskDir = ''

function running(): LocalLedgers {
  if (!ledgers) throw new StudioError('engine-not-ready', 'The ledger has not been started.')
  return ledgers
}

function openDesk(): Promise<LedgerDesk> {
  if (desk !== null) return desk
  const opening = homeNetwork(running()).then((local) =>
    LedgerDesk.open({
      ...{ dir: deskDir, local, followed: followedLedgers(running()), log: lineLog((line) => console.error(line)) },
      onChanged: (state) => emit('deskChanged', state),
    }),
  )
  desk = opening
  opening.catch(() => (desk = null)) // the next call tries again
  return opening
}

/** A ledger of ours by "home" or its genesis hash, a real chain by its key. */
async function ask(ledger: string, call: { method: string; params: readonly unknown[] }): Promise<unknown> {
  if (!ledger.startsWith('rpc-')) return running().request(ledger, call)
  return (await (await openDesk()).chains.open(ledger)).request(call)
}

const emit = serve<LedgerEngineService>(parentRpcPort(), {
  ...deskHandlers(openDesk),
  start({ dataDir }) {
    deskDir = join(dataDir, 'ledger')
    ledgers = new LocalLedgers({
      dir: join(dataDir, 'ledgers'),
      onChanged: (status) => {
        emit('changed', status)
        void desk
          ?.then((opened) => {
            opened.poke()
            if (status.role === 'follower') return opened.refreshFollowed()
          })
          .catch(() => undefined)
      },
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
  request: ({ ledger, method, params }) => rpcAnswer(ask(ledger, { method, params })),
  async close() {
    await desk?.then((opened) => opened.close()).catch(() => undefined)
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
