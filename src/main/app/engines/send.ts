import '../../platform/runtime-floor'
import { join } from 'node:path'
import type { SendService, UnitMessage } from '@shared/engines/send-service'
import { StudioError } from '@shared/errors'
import { serve } from '@shared/rpc/rpc'
import { ffmpegPath } from '../../media/ffmpeg-path'
import { FfmpegProcess } from '../../media/ffmpeg-process'
import { DestinationDesk } from '../../relay/rtmp-out/destination-desk'
import { deviceSeed, loadDeviceKey } from '../../wallet/device-key'
import { SecretStore } from '../../wallet/secret-store'
import { onPort, parentRpcPort } from './parent-port'

/** Entry of the send utility process: the show to other services. Stream keys are opened here and stay here. */
let desk: DestinationDesk | null = null

function running(): DestinationDesk {
  if (!desk) throw new StudioError('engine-not-ready', 'The part that sends to other services has not been started.')
  return desk
}

const emit = serve<SendService>(parentRpcPort(), {
  async start({ dataDir, passphrase }) {
    const device = await loadDeviceKey(dataDir, passphrase === null ? {} : { passphrase })
    const keys = await SecretStore.open(join(dataDir, 'secrets.json'), deviceSeed(device))
    desk = new DestinationDesk(keys, (states) => emit('states', states), {
      ffmpeg: (args) => new FfmpegProcess(ffmpegPath(), args),
    })
    return desk.keyIds
  },
  async save({ id, url, key }) {
    await running().save(id, url, key)
    return running().keyIds
  },
  async remove(id) {
    await running().remove(id)
    return running().keyIds
  },
  choose(destinations) {
    running().choose(destinations)
    return undefined
  },
  retryNow(id) {
    running().retryNow(id)
    return undefined
  },
  async close() {
    await desk?.endShow()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

onPort((use, port) => {
  if (use !== 'units') return
  port.on('message', (event) => {
    const message = event.data as UnitMessage
    if (message.t === 'config') desk?.setConfig(message.config)
    else if (message.t === 'unit') desk?.take(message.unit)
    else void desk?.endShow()
  })
  port.start()
})
