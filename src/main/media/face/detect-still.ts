import type { RgbImage } from '../i420'
import type { Detection } from './blaze-face'
import { boxOfPoints, boxOverlap, type Face } from './face'
import type { FaceModels } from './face-models'
import { RgbSource } from './rgb-source'
import { isUsableRoi, roiOfDetection, roiOfPoints, type Roi } from './roi'

/** Two meshes that overlap more than this lie on the same face. */
const SAME_FACE = 0.3
/** A part of the picture with fewer pixels on a side is not looked at alone. */
const SMALLEST_PART = 256

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
  const faces: Face[] = []
  for (const detection of await detectEverywhere(models, picture, signal)) {
    signal?.throwIfAborted()
    if (faces.length >= maxFaces) break
    if (isKnown(faces, detection.box)) continue
    const points = await refine(models, picture, detection, passes)
    if (!points) continue
    const box = boxOfPoints(points)
    if (!isKnown(faces, box)) faces.push({ score: detection.score, box, points })
  }
  return faces
}

function isKnown(faces: Face[], box: readonly number[]): boolean {
  return faces.some((face) => boxOverlap(face.box, box) > SAME_FACE)
}

/** Detections of both models on the whole picture and of the one for small faces on its parts, the best first; faces repeat. */
async function detectEverywhere(models: FaceModels, picture: RgbSource, signal?: AbortSignal): Promise<Detection[]> {
  const detections = [...(await models.shortRange.detect(picture)), ...(await models.fullRange.detect(picture))]
  for (const part of partsOf(picture.width, picture.height)) {
    signal?.throwIfAborted()
    detections.push(...(await models.fullRange.detect(picture, part)))
  }
  return detections.sort((a, b) => b.score - a.score)
}

/**
 * Squares of half the longer side that overlap by half, so that a face too small for the whole picture lies whole in
 * one of them. None for a picture so small that its faces would have too few pixels.
 */
function partsOf(width: number, height: number): Roi[] {
  const size = Math.max(width, height) / 2
  if (size < SMALLEST_PART) return []
  const centres = (length: number): number[] => {
    const count = Math.max(1, Math.ceil((length - size) / (size / 2)) + 1)
    return Array.from({ length: count }, (_, i) =>
      count === 1 ? length / 2 : size / 2 + (i * (length - size)) / (count - 1),
    )
  }
  return centres(height).flatMap((cy) => centres(width).map((cx) => ({ cx, cy, size, rotation: 0 })))
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
