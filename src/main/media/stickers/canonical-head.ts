import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { FACE_POINTS } from '../face/face'

/**
 * The canonical face: head coordinates in centimetres, x to the person's left (right in the picture), y up, z to the
 * camera; zero lies in the middle of the head between the cheeks.
 */
export interface CanonicalHead {
  /** 468 * 3. */
  positions: Float32Array
  /** Three points each, counter-clockwise from outside. */
  triangles: Uint16Array
}

/** From what `canonical-face.json` holds: vertices [x, y, z, u, v] and triangles. @throws RangeError for other shapes */
export function canonicalHead(mesh: { vertices: number[][]; triangles: number[][] }): CanonicalHead {
  if (mesh.vertices.length !== FACE_POINTS) throw new RangeError(`a face mesh has ${FACE_POINTS} points`)
  const positions = Float32Array.from(mesh.vertices.flatMap((vertex) => vertex.slice(0, 3)))
  const triangles = Uint16Array.from(mesh.triangles.flat())
  if (positions.length !== 3 * FACE_POINTS || !positions.every(Number.isFinite))
    throw new RangeError('broken face mesh')
  if (!triangles.every((index) => index < FACE_POINTS)) throw new RangeError('broken face mesh')
  return { positions, triangles }
}

/** Reads it from the folder of the face models. @throws StudioError `models-missing` */
export async function loadCanonicalHead(modelsDir: string): Promise<CanonicalHead> {
  try {
    const text = await readFile(join(modelsDir, 'canonical-face.json'), 'utf8')
    return canonicalHead(JSON.parse(text) as { vertices: number[][]; triangles: number[][] })
  } catch (cause) {
    const way = 'Run "npm run models" to make them again.'
    throw new StudioError('models-missing', `The face models in ${modelsDir} are missing or damaged. ${way}`, { cause })
  }
}
