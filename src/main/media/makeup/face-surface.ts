import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { FACE_POINTS } from '../face/face'

/** The skin of a face as MediaPipe's canonical face lays it out. */
export interface FaceSurface {
  /** Three points each, all turned the same way. */
  triangles: Uint16Array
  /** u, v of each point in the flat layout, 0..1: u to the person's left, v down. */
  uv: Float32Array
}

/** @throws StudioError `models-missing` when the folder does not hold a whole `canonical-face.json` */
export async function loadFaceSurface(modelsDir: string): Promise<FaceSurface> {
  try {
    const text = await readFile(join(modelsDir, 'canonical-face.json'), 'utf8')
    return faceSurfaceOf(JSON.parse(text) as { vertices: number[][]; triangles: number[][] })
  } catch (cause) {
    throw new StudioError(
      'models-missing',
      `The face models in ${modelsDir} are missing or damaged. Run "npm run models" to make them again.`,
      { cause },
    )
  }
}

/** @param canonical vertices hold x, y, z, u, v @throws Error when it is not the 468-point mesh */
export function faceSurfaceOf(canonical: { vertices: number[][]; triangles: number[][] }): FaceSurface {
  const uv = canonical.vertices.flatMap(([, , , u, v]) => [u!, v!])
  const triangles = canonical.triangles.flat()
  if (uv.length !== FACE_POINTS * 2 || !uv.every(Number.isFinite)) throw new Error('not the points of the face mesh')
  if (triangles.length === 0 || !triangles.every((index) => index >= 0 && index < FACE_POINTS))
    throw new Error('not the triangles of the face mesh')
  return { triangles: Uint16Array.from(triangles), uv: Float32Array.from(uv) }
}
