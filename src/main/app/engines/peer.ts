import '../../platform/runtime-floor'
import type { MessagePortMain } from 'electron'
import type { SegmentMessage } from '@shared/engines/media-service'
import type { PeerService } from '@shared/engines/peer-service'
import { serve } from '@shared/rpc/rpc'
import { PeerEngine } from '../../peer/peer-engine'
import { lockProfile, type ProfileLock } from '../../platform/profile-lock'
import { loadDeviceKey } from '../../wallet/device-key'
import { onPort, parentRpcPort } from './parent-port'

/**
 * Entry of the peer utility process: joins the node to main's calls and to the segment port of a broadcast. The device
 * key is read here and stays here.
 */
const engine = new PeerEngine((line) => console.error(line))

let lock: ProfileLock | null = null

const emit = serve<PeerService>(parentRpcPort(), {
  async start({ dataDir, passphrase, beaconDir }) {
    lock = await lockProfile(dataDir)
    const { peerKey } = await loadDeviceKey(dataDir, passphrase === null ? {} : { passphrase })
    return engine.start({ dataDir, privateKey: peerKey, beaconDir })
  },
  listLives: () => engine.listLives(),
  startBroadcast: (details) => engine.startBroadcast(details),
  async stopBroadcast() {
    await engine.stopBroadcast()
    return undefined
  },
  watch: (url) => engine.watch(url),
  setQuality(quality) {
    engine.setQuality(quality)
    return undefined
  },
  async closeWatch() {
    await engine.closeWatch()
    return undefined
  },
  playerFile: (request) => engine.playerFile(request),
  async close() {
    await engine.close()
    await lock?.release()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

engine.onEvent(emit)

onPort((use, port: MessagePortMain) => {
  if (use === 'segments') port.on('message', (event) => engine.takeSegmentMessage(event.data as SegmentMessage))
  else if (use === 'watch') {
    engine.connectWatch({
      post: (message) => port.postMessage(message),
      onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
      onClose: (listener) => void port.once('close', listener),
      close: () => port.close(),
    })
  } else return
  port.start()
})
