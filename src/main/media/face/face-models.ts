import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import type { TargetFactory } from './crop-target'
import { FaceDetector, FULL_RANGE, SHORT_RANGE } from './face-detector'
import { FaceMesh } from './face-mesh'

/** The open models. Trackers may share them; their runs follow one another. */
export interface FaceModels {
  readonly mesh: FaceMesh
  readonly shortRange: FaceDetector
  readonly fullRange: FaceDetector
  /** Waits for runs in progress and frees the memory; later runs fail. */
  release(): Promise<void>
}

/**
 * Opens the models that `scripts/models.mjs` made.
 *
 * @param createTarget memory and loops of their input: `loadTargets` gives the fast ones
 * @throws {StudioError} `models-missing` when the folder does not hold them
 */
export async function loadFaceModels(modelsDir: string, createTarget?: TargetFactory): Promise<FaceModels> {
  const opened = await Promise.allSettled([
    FaceMesh.open(join(modelsDir, 'face-mesh.onnx'), createTarget),
    FaceDetector.open(join(modelsDir, SHORT_RANGE.file), SHORT_RANGE, createTarget),
    FaceDetector.open(join(modelsDir, FULL_RANGE.file), FULL_RANGE, createTarget),
  ])
  const [mesh, shortRange, fullRange] = opened
  if (mesh.status === 'fulfilled' && shortRange.status === 'fulfilled' && fullRange.status === 'fulfilled') {
    const models = { mesh: mesh.value, shortRange: shortRange.value, fullRange: fullRange.value }
    return { ...models, release: () => releaseAll(Object.values(models)) }
  }
  await releaseAll(opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
  const failed = opened.find((result) => result.status === 'rejected')
  throw new StudioError(
    'models-missing',
    `The face models in ${modelsDir} are missing or damaged. Run "npm run models" to make them again.`,
    { cause: failed?.reason },
  )
}

async function releaseAll(models: { release(): Promise<void> }[]): Promise<void> {
  await Promise.all(models.map((model) => model.release()))
}
