import '../../platform/runtime-floor'
import type { MessagePortMain } from 'electron'
import type { MediaService, SegmentMessage } from '@shared/engines/media-service'
import { reportError, StudioError } from '@shared/errors'
import type { NewFileTarget } from '@shared/media/saved-file'
import { serve } from '@shared/rpc/rpc'
import { CoverChecker } from '../../media/cover/cover-checker'
import { MediaEngine } from '../../media/media-engine'
import { smallOption } from '../../media/small-option'
import { openNewFile } from '../../media/new-file'
import { Recording } from '../../media/recording'
import { CapturePorts } from './capture-ports'
import { onPort, parentRpcPort } from './parent-port'
import { UnitOutlets } from './unit-outlets'

/** Entry of the media utility process: joins the engine to main's calls and to the preview and segment ports. */
let engine: MediaEngine | null = null
let covers: CoverChecker | null = null
const captures = new CapturePorts((wanted) => emit('captureWanted', wanted))
let segments: MessagePortMain | null = null
const outlets = new UnitOutlets()
let preview: MessagePortMain | null = null

function running(): MediaEngine {
  if (!engine) throw new StudioError('engine-not-ready', 'The camera engine has not been started.')
  return engine
}

const emit = serve<MediaService>(parentRpcPort(), {
  start(input) {
    covers = new CoverChecker(input.modelsDir)
    engine = new MediaEngine({
      ...input,
      ...smallOption(process.env),
      browser: captures,
      log: (line) => console.error(line),
    })
    engine.on('stats', (stats) => emit('stats', stats))
    engine.on('ended', () => emit('ended', null))
    engine.on('problem', (problem) => emit('problem', { code: problem.code, message: problem.message }))
    engine.on('notice', (notice) => emit('notice', { code: notice.code, message: notice.message }))
    engine.on('sourceAway', ({ code, message }) => emit('sourceAway', { code, message }))
    engine.on('sourceBack', () => emit('sourceBack', null))
    engine.on('recordingOn', (path) => emit('recordingOn', path))
    engine.on('recorded', (file) => emit('recorded', file))
    engine.on('sceneState', (state) => emit('sceneState', state))
    engine.on('levels', (levels) => emit('levels', levels))
    connectPreview()
    return undefined
  },
  listSources: () => running().listSources(),
  openSource: (spec) => running().openSource(spec),
  setScenes: async (scenes) => {
    await running().setScenes(scenes)
    return undefined
  },
  restartSceneItem: (itemId) => running().restartSceneItem(itemId),
  showAlert: (alert) => {
    running().showAlert(alert)
    return undefined
  },
  closeSource: async () => {
    await running().closeSource()
    return undefined
  },
  setBeauty: (settings) => {
    running().setBeauty(settings)
    return undefined
  },
  setEffects: async ({ settings, picturePath }) => {
    await running().setEffects(settings, picturePath)
    return undefined
  },
  effectThumbnails: () => running().effectThumbnails(),
  importBackground: ({ from, folder }) => running().importBackground(from, folder),
  setEncoding: (settings) => {
    running().setEncoding(settings)
    return undefined
  },
  setUplink: (sample) => {
    running().setUplink(sample)
    return undefined
  },
  setLook: async ({ settings, cubePath }) => {
    await running().setLook(settings, cubePath)
    return undefined
  },
  importCube: ({ from, folder }) => running().importCube(from, folder),
  checkCover: (rgba) => {
    running()
    return covers!.check(rgba)
  },
  lookSwatches: () => running().lookSwatches(),
  setPreviewMode: (mode) => {
    running().setPreviewMode(mode)
    return undefined
  },
  async startEncoding({ record }) {
    const port = segments
    if (!port) throw new StudioError('no-segment-port', 'The show has nowhere to go: no segment port was given.')
    const recording = record && (await openRecording(record))
    try {
      await running().startEncoding({
        onInit: (init) => port.postMessage({ t: 'init', init } satisfies SegmentMessage),
        onSegment: (segment) => {
          port.postMessage({ t: 'segment', segment } satisfies SegmentMessage)
          emit('segmentClosed', { index: segment.index, delayMs: segment.delayMs })
        },
        onConfig: (config) => {
          port.postMessage({ t: 'config', config } satisfies SegmentMessage)
          outlets.setConfig(config)
        },
        onUnit: (unit) => {
          port.postMessage({ t: 'unit', unit } satisfies SegmentMessage)
          outlets.take(unit)
        },
        ...(recording ? { recording } : {}),
      })
    } catch (error) {
      await recording?.finish()
      throw error
    }
    return { recordingPath: recording?.path ?? null }
  },
  saveReplay: (target) => running().saveReplay(target),
  async stopEncoding() {
    const port = segments // a new live may bring its own port while this one is being ended
    await running().stopEncoding()
    port?.postMessage({ t: 'end' } satisfies SegmentMessage)
    port?.close()
    outlets.end()
    if (segments === port) segments = null
    return undefined
  },
  async close() {
    await engine?.close()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

onPort((use, port) => {
  if (captures.take(use, port)) return
  if (use === 'segments') {
    segments?.close()
    segments = port
    port.start()
  } else if (use === 'units') {
    outlets.add(port)
  } else if (use === 'preview') {
    preview?.close()
    preview = port
    port.start()
    connectPreview()
  }
})

/** A live without its recording is better than none: what is wrong is said, and the live goes on. */
async function openRecording(target: NewFileTarget): Promise<Recording | null> {
  try {
    return new Recording(await openNewFile(target))
  } catch (error) {
    emit('problem', { code: 'recording-failed', message: `Your live is not recorded: ${reportError(error).message}` })
    return null
  }
}

/** Pictures wait for the window's 'ack', so a busy window lowers the preview rate instead of piling pictures up. */
function connectPreview(): void {
  const port = preview
  if (!engine || !port) return
  const sink = engine.setPreviewSink((frame) => port.postMessage(frame))
  port.on('message', () => sink.acknowledge())
  port.on('close', () => {
    if (preview === port) engine?.setPreviewSink(null)
  })
}
