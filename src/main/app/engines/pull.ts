import '../../platform/runtime-floor'
import type { PullService } from '@shared/engines/pull-service'
import { StudioError } from '@shared/errors'
import { serve } from '@shared/rpc/rpc'
import { FfmpegProcess } from '../../media/ffmpeg-process'
import { WatchOutlet } from '../../peer/watch-outlet'
import { PullEngine } from '../../relay/pull/pull-engine'
import { onPort, parentRpcPort } from './parent-port'

/** Entry of the pull utility process: fetches somebody else's video and gives it to the window's player. */
let ffmpegPath = ''
let outlet: WatchOutlet | null = null

const engine = new PullEngine((args, onLine) => new FfmpegProcess(ffmpegPath, args, { onLine }), {
  onChanged: (url, show) => emit('changed', { url, show }),
  onStats: (stats) => emit('stats', stats),
  onFailed: (url, { code, message }) => emit('failed', { url, code, message }),
})

const emit = serve<PullService>(parentRpcPort(), {
  start(input) {
    ffmpegPath = input.ffmpegPath
    return undefined
  },
  open(url) {
    if (ffmpegPath === '') throw new StudioError('engine-not-ready', 'The video program has not been started.')
    return engine.open(url)
  },
  seek(toMs) {
    engine.seek(toMs)
    return undefined
  },
  hold() {
    engine.hold()
    return undefined
  },
  chooseQuality(id) {
    engine.chooseQuality(id)
    return undefined
  },
  chooseCaptions(id) {
    engine.chooseCaptions(id)
    return undefined
  },
  closePull() {
    outlet?.close()
    outlet = null
    engine.close()
    return undefined
  },
  close() {
    engine.close()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

onPort((use, port) => {
  if (use !== 'watch') return
  outlet?.close()
  outlet = new WatchOutlet(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
      onClose: (listener) => void port.once('close', listener),
      close: () => port.close(),
    },
    (post) => engine.follow(post),
  )
  port.start()
})
