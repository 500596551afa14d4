import { findFaces } from '../main/media/face/detect-still'
import { loadFaceModels } from '../main/media/face/face-models'
import type { Face } from '../main/media/face/face'
import { decodeStill } from '../main/media/still-image'

/** What the command needs from the entry point. */
export interface FaceContext {
  modelsDir: string
  ffmpegPath: string
  signal: AbortSignal
  out: (line: string) => void
}

/**
 * `we face IMAGE [--json]`: prints the faces of a picture, the best first. With `json` one object
 * `{"width","height","faces":[{"score","box":[x,y,w,h],"points":[[x,y,z],...]}]}` in pixels of the upright picture.
 *
 * @returns the exit code, 0; no face is a success with an empty list
 * @throws {StudioError} when the file is missing or no picture, or the models are missing
 */
export async function faceCommand(
  { image: path, json }: { image: string; json: boolean },
  { modelsDir, ffmpegPath, signal, out }: FaceContext,
): Promise<number> {
  const image = await decodeStill(path, { ffmpegPath, signal })
  const models = await loadFaceModels(modelsDir)
  try {
    const faces = await findFaces(models, image, { signal })
    const { width, height } = image
    if (json) out(JSON.stringify({ width, height, faces: faces.map(asJson) }))
    else for (const line of summary(width, height, faces)) out(line)
    return 0
  } finally {
    await models.release()
  }
}

function asJson({ score, box, points }: Face): { score: number; box: number[]; points: number[][] } {
  const rows: number[][] = []
  for (let i = 0; i < points.length; i += 3) rows.push([...points.subarray(i, i + 3)].map(thousandths))
  return { score: thousandths(score), box: box.map(thousandths), points: rows }
}

/** A thousandth of a pixel is far below what the model knows. */
function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}

function summary(width: number, height: number, faces: Face[]): string[] {
  const found = faces.length === 0 ? 'no face' : faces.length === 1 ? '1 face' : `${faces.length} faces`
  const lines = faces.map(({ score, box }, i) => {
    const [x, y, w, h] = box.map(Math.round)
    return `  ${i + 1}. ${w}x${h} at ${x},${y} (${Math.round(score * 100)} % sure)`
  })
  return [`${width}x${height}: ${found}`, ...lines]
}
