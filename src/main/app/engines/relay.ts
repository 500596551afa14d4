import '../../platform/runtime-floor'
import type { MessagePortMain } from 'electron'
import type { SegmentMessage } from '@shared/engines/media-service'
import type { RelayService } from '@shared/engines/relay-service'
import { serve } from '@shared/rpc/rpc'
import { ffmpegPath } from '../../media/ffmpeg-path'
import { FfmpegProcess } from '../../media/ffmpeg-process'
import { openNewFile } from '../../media/new-file'
import { Recording } from '../../media/recording'
import { showFileName } from '../../media/show-file-name'
import { RelayEngine } from '../../relay/relay-engine'
import { onPort, parentRpcPort } from './parent-port'

/**
 * Entry of the relay utility process, started only when the person asks for a relay. Joins it to main's calls, and to
 * the ports on which a broadcaster of our own posts its units.
 */
const engine = new RelayEngine(
  {
    figures: (figures) => emit('figures', figures),
    problem: (problem) => emit('problem', problem),
  },
  ({ recordDir, ladderFfmpeg }) => ({
    log: (line) => console.error(line),
    soundFfmpeg: (args) => new FfmpegProcess(ffmpegPath(), args),
    ...(recordDir === null
      ? {}
      : {
          record: async (name) => {
            const recording = new Recording(
              await openNewFile({ folder: recordDir, name: showFileName(name, new Date()) }),
            )
            recording.onFailure = ({ code, message }) => emit('problem', { code, message })
            return recording
          },
        }),
    ...(ladderFfmpeg === null ? {} : { ffmpeg: (args) => new FfmpegProcess(ladderFfmpeg, args) }),
  }),
)

const emit = serve<RelayService>(parentRpcPort(), {
  start: (start) => engine.start(start),
  makeKey: async ({ name }) => ({ key: await engine.makeKey(name) }),
  showKey: ({ name }) => ({ key: engine.showKey(name) }),
  setRoom(kbps) {
    engine.setRoom(kbps)
    return undefined
  },
  listKeys: () => engine.keyNames,
  figures: () => engine.figures,
  async close() {
    await engine.close()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

onPort((use, port: MessagePortMain, title) => {
  const [, name] = /^units:([\w-]{1,48})$/.exec(use) ?? []
  if (name === undefined) return
  const take = engine.unitSink(name, title ?? name)
  port.on('message', (event) => take(event.data as SegmentMessage))
  port.on('close', () => take({ t: 'end' }))
  port.start()
})
