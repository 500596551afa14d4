import type { SourceSpec } from '@shared/media/source-spec'
import type { CaptureSource } from './capture-source'
import { listDevices, type CaptureDevice } from './device-list'
import { FaceTracker } from './face/face-tracker'
import { loadFaceModels } from './face/face-models'
import { openCamera, openFile } from './ffmpeg-capture'
import type { FaceChanger, FaceFinder } from './frame-pipeline'
import type { StudioFormat } from './studio-format'

/** What the engine is built from. */
export interface EngineParts {
  finder: FaceFinder
  changer: FaceChanger
  listCameras(): Promise<CaptureDevice[]>
  openSource(spec: SourceSpec, format: StudioFormat): Promise<CaptureSource>
  close(): Promise<void>
}

export interface PartsOptions {
  ffmpegPath: string
  modelsDir: string
  demoWorkerPath?: string
  format?: StudioFormat
}

/** The real parts: ONNX models, beauty kernel, ffmpeg, demo presenter. @throws StudioError `models-missing` */
export async function loadEngineParts(options: PartsOptions): Promise<EngineParts> {
  const { ffmpegPath } = options
  const models = await loadFaceModels(options.modelsDir)
  return {
    finder: new FaceTracker(models, { fps: options.format?.fps ?? 30 }),
    changer: { apply: () => undefined },
    listCameras: async () => (await listDevices({ ffmpegPath })).cameras,
    openSource(spec, format) {
      if (spec.kind === 'file') return openFile(spec, { ffmpegPath, format })
      if (spec.kind === 'camera') return openCamera(spec, { ffmpegPath, format })
      throw new Error('demo')
    },
    close: () => models.release(),
  }
}
