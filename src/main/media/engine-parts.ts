import { join } from 'node:path'
import type { SourceSpec } from '@shared/media/source-spec'
import { Beautifier } from './beauty/beautifier'
import { loadKernel } from './beauty/wasm-kernel'
import { Background } from './background/background'
import { PersonMaskModels } from './background/person-mask-model'
import { loadMatting } from './background/wasm-matting'
import type { CaptureSource } from './capture-source'
import { openDemoSource } from './demo/demo-source'
import { listDevices, type DeviceList } from './device-list'
import { FaceTracker } from './face/face-tracker'
import { loadTargets } from './face/crop-target'
import { loadFaceModels, type FaceModels } from './face/face-models'
import { loadFaceSurface } from './makeup/face-surface'
import { MakeUp } from './makeup/makeup'
import type { FaceFinder, PersonEffect } from './person/person-effect'
import { PersonWork } from './person/person-work'
import { loadCanvas, type CanvasFactory } from './scene/wasm-canvas'
import type { BrowserLinks } from './sources/browser-source'
import { loadSmallPicture, type SmallPictureFactory } from './small-picture'
import { openSource } from './sources/open-source'
import { loadCanonicalHead } from './stickers/canonical-head'
import { Sparkles } from './stickers/sparkles'
import { Stickers } from './stickers/stickers'
import { STUDIO_FORMAT, type StudioFormat } from './studio-format'
import { warmUp } from './warm-up'

/** Finds and changes faces; all pictures share the models. */
export interface FaceWork {
  models: FaceModels
  /** The work on one source's pictures. `finder`: in place of the tracker. */
  createPerson(finder?: FaceFinder): PersonWork
  close(): Promise<void>
}

/** What the engine is built from. */
export interface EngineParts extends Omit<FaceWork, 'models'> {
  /** Resolves when the work on a person has its full speed; a source may be opened meanwhile. Never rejects. */
  warm?: Promise<void>
  /** What scenes are drawn on; without it the plain loops. */
  createCanvas?: CanvasFactory
  /** What the preview is drawn on; without it the plain loops. */
  createSmallPicture?: SmallPictureFactory
  listDevices(): Promise<DeviceList>
  openSource(spec: SourceSpec, format: StudioFormat): Promise<CaptureSource>
}

export interface PartsOptions {
  ffmpegPath: string
  modelsDir: string
  demoWorkerPath?: string
  format?: StudioFormat
  /** Where sources that the app's window captures come from; without it there are none. */
  browser?: BrowserLinks
  /** Lines for the person who looks after the machine. */
  log?: (line: string) => void
}

/**
 * Face mesh and beauty kernel. The fast kernel lies beside the models, in `../kernel`; where it cannot be used the
 * plain one works, and `log` says so.
 * @throws StudioError `models-missing`
 */
export async function createFaceWork(
  modelsDir: string,
  format = STUDIO_FORMAT,
  log: (line: string) => void = console.error,
): Promise<FaceWork> {
  const surface = await loadFaceSurface(modelsDir)
  const head = await loadCanonicalHead(modelsDir)
  const models = await loadFaceModels(modelsDir, loadTargets(join(modelsDir, '../kernel/face.wasm'), log))
  const createKernel = loadKernel(join(modelsDir, '../kernel/beauty.wasm'), log)
  const masks = new PersonMaskModels(modelsDir)
  const createMatting = loadMatting(join(modelsDir, '../kernel/background.wasm'), log)
  // What is done after the retouch, in this order.
  const createEffects = (): PersonEffect[] => [
    new MakeUp(surface),
    new Background(masks, createMatting),
    new Stickers(head),
    new Sparkles(head),
  ]
  return {
    models,
    createPerson: (finder = new FaceTracker(models, { fps: format.fps })) =>
      new PersonWork(finder, new Beautifier(format.width, format.height, createKernel), createEffects(), log),
    close: async () => {
      await Promise.all([models.release(), masks.release()])
    },
  }
}

/** The real parts: ONNX models, beauty kernel, ffmpeg, demo presenter. @throws StudioError `models-missing` */
export async function loadEngineParts(options: PartsOptions): Promise<EngineParts> {
  const { ffmpegPath, format = STUDIO_FORMAT } = options
  const log = options.log ?? console.error
  const work = await createFaceWork(options.modelsDir, format, options.log)
  const sceneLoops = join(options.modelsDir, '../kernel/scene.wasm')
  return {
    ...work,
    // What is wrong with the models shows at the first real frame as well.
    warm: warmUp(work, format).catch(() => undefined),
    createCanvas: loadCanvas(sceneLoops, log),
    createSmallPicture: loadSmallPicture(sceneLoops, log),
    listDevices: () => listDevices({ ffmpegPath }),
    openSource(spec, format) {
      if (spec.kind !== 'demo') return openSource(spec, { ffmpegPath, format, browser: options.browser ?? null })
      const { modelsDir, demoWorkerPath: workerPath } = options
      return openDemoSource({ ...format, modelsDir, ...(workerPath === undefined ? {} : { workerPath }) })
    },
  }
}
