import '../../platform/runtime-floor'
import type { WalletService } from '@shared/engines/wallet-service'
import { serve, type CallHandlers } from '@shared/rpc/rpc'
import type { SheetService, SheetView } from '@shared/wallet/sheet'
import { WalletEngine } from '../../wallet/wallet-engine'
import { onPort, parentRpcPort } from './parent-port'

/**
 * Entry of the wallet utility process, the only one that holds the keys of accounts. Main's calls come by the parent port;
 * the sheet on which secrets are typed and signatures agreed to has a port of its own, past main.
 */
let engine: WalletEngine | null = null
let tellSheet: ((view: SheetView) => void) | null = null

const calls: Pick<CallHandlers<WalletService>, 'start' | 'close'> = {
  async start(start) {
    engine = await WalletEngine.open(start, {
      changed: (state) => emit('changed', state),
      moved: (movement) => emit('moved', movement),
      sheet: (open) => emit('sheet', open),
      view: (view) => tellSheet?.(view),
      saveFile: (file) => emit('saveFile', file),
    })
    // `serve` looks calls up as they come: before this, there is none of them.
    Object.assign(calls, engine.handlers())
    return engine.state
  },
  async close() {
    await engine?.close()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
}
const emit = serve<WalletService>(parentRpcPort(), calls as CallHandlers<WalletService>)

onPort((use, port) => {
  if (use !== 'sheet' || engine === null) return
  const tell = serve<SheetService>(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
    },
    engine.sheetHandlers(),
  )
  const own = (view: SheetView): void => tell('changed', view)
  tellSheet = own
  port.once('close', () => {
    if (tellSheet === own) tellSheet = null
  })
  port.start()
})
