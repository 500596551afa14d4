import type { RgbImage } from '../i420'
import type { Detection } from './blaze-face'
import { boxOfPoints, boxOverlap, type Face } from './face'
import type { FaceModels } from './face-models'
import { RgbSource } from './rgb-source'
import { isUsableRoi, roiOfDetection, roiOfPoints } from './roi'

/** Two meshes that overlap more than this lie on the same face. */
const SAME_FACE = 0.3

/**
 * Finds faces in a still picture and lays the mesh on each.
 *
 * @param options.maxFaces at most this many faces, 20 when left out
 * @param options.passes how often the mesh corrects its own region: after 12 the points stand still to 0.1 pixel
 * @param options.signal ends the search between two faces
 * @returns the best face first; an empty list when there is none
 */
export async function findFaces(
  models: FaceModels,
  image: RgbImage,
  { maxFaces = 20, passes = 12, signal }: { maxFaces?: number; passes?: number; signal?: AbortSignal } = {},
): Promise<Face[]> {
  const picture = new RgbSource(image)
  const near = await models.shortRange.detect(picture)
  const far = await models.fullRange.detect(picture)
  const faces: Face[] = []
  for (const detection of [...near, ...far].sort((a, b) => b.score - a.score)) {
    signal?.throwIfAborted()
    if (faces.length >= maxFaces) break
    const points = await refine(models, picture, detection, passes)
    if (!points) continue
    const box = boxOfPoints(points)
    if (faces.some((face) => boxOverlap(face.box, box) > SAME_FACE)) continue
    faces.push({ score: detection.score, box, points })
  }
  return faces
}

/** Points after the given number of passes, or null when the mesh sees no face there. */
async function refine(
  models: FaceModels,
  picture: RgbSource,
  detection: Detection,
  passes: number,
): Promise<Float32Array | null> {
  let roi = roiOfDetection(detection)
  let points: Float32Array | null = null
  for (let pass = 0; pass < passes; pass++) {
    if (!isUsableRoi(roi, picture.width, picture.height)) return null
    const result = await models.mesh.fit(picture, roi)
    if (result.presence < 0.5) return null
    points = result.points
    roi = roiOfPoints(points)
  }
  return points
}
