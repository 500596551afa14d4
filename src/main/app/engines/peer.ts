import '../../platform/runtime-floor'
import type { MessagePortMain } from 'electron'
import type { SegmentMessage } from '@shared/engines/media-service'
import type { PeerService } from '@shared/engines/peer-service'
import { serve } from '@shared/rpc/rpc'
import { onPort, parentRpcPort } from './parent-port'
import { PeerEngine } from '../../peer/peer-engine'

/** Entry of the peer utility process: joins the node to main's calls and to the segment port of a broadcast. */
const engine = new PeerEngine((line) => console.error(line))

const emit = serve<PeerService>(parentRpcPort(), {
  start: (input) => engine.start(input),
  listLives: () => engine.listLives(),
  startBroadcast: (details) => engine.startBroadcast(details),
  async stopBroadcast() {
    await engine.stopBroadcast()
    return undefined
  },
  watch: (url) => engine.watch(url),
  async closeWatch() {
    await engine.closeWatch()
    return undefined
  },
  playerFile: (request) => engine.playerFile(request),
  async close() {
    await engine.close()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

engine.onEvent(emit)

onPort((use, port: MessagePortMain) => {
  if (use !== 'segments') return
  port.on('message', (event) => engine.takeSegmentMessage(event.data as SegmentMessage))
  port.start()
})
