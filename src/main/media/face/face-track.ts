import { boxOfPoints, FACE_POINTS, type Face } from './face'
import type { FaceMesh } from './face-mesh'
import { OneEuroFilter, type OneEuroOptions } from './one-euro'
import type { PictureSource } from './picture-source'
import { isUsableRoi, roiOfPoints, type Roi } from './roi'

/** Below this presence the mesh sees no face. */
const LEAST_PRESENCE = 0.5
/** Runs of the mesh on the frame in which a face appears: the detector's region is 2 % off, the first mesh's 0.6 %. */
const SETTLING_RUNS = 2
const SMOOTHING: OneEuroOptions = { calmHz: 1, gain: 40 }
/** Points at the left and the right edge of the face: their distance is its width. */
const EDGES = [234, 454] as const

/** One face from the frame in which it appears to the one in which it is lost. */
export class FaceTrack {
  readonly #filter: OneEuroFilter | null
  #roi: Roi
  #face: Face | null = null

  /**
   * @param roi where the face was detected
   * @param fps frames in a second for the smoothing, null for none
   */
  constructor(roi: Roi, fps: number | null) {
    this.#roi = roi
    this.#filter = fps === null ? null : new OneEuroFilter(FACE_POINTS * 3, fps, SMOOTHING)
  }

  /** The face in the last frame that was looked at. */
  get face(): Face {
    if (!this.#face) throw new Error('This face was never found')
    return this.#face
  }

  /** Takes up a detected face; false when the mesh sees none there. */
  async settle(mesh: FaceMesh, picture: PictureSource): Promise<boolean> {
    for (let run = 1; run < SETTLING_RUNS; run++) {
      if (!(await this.#fit(mesh, picture))) return false
    }
    return this.follow(mesh, picture)
  }

  /** Finds the face again in the next frame; false when it is lost. */
  async follow(mesh: FaceMesh, picture: PictureSource): Promise<boolean> {
    const result = await this.#fit(mesh, picture)
    if (!result) return false
    const { presence, points } = result
    // Smoothed only now: the next region comes from the raw points, which do not lag.
    this.#filter?.apply(points, faceWidth(points))
    this.#face = { score: presence, box: boxOfPoints(points), points }
    return true
  }

  async #fit(mesh: FaceMesh, picture: PictureSource): Promise<{ presence: number; points: Float32Array } | null> {
    if (!isUsableRoi(this.#roi, picture.width, picture.height)) return null
    const result = await mesh.fit(picture, this.#roi)
    if (result.presence < LEAST_PRESENCE) return null
    this.#roi = roiOfPoints(result.points)
    return result
  }
}

function faceWidth(points: Float32Array): number {
  const [right, left] = EDGES
  return Math.hypot(
    points[left * 3]! - points[right * 3]!,
    points[left * 3 + 1]! - points[right * 3 + 1]!,
    points[left * 3 + 2]! - points[right * 3 + 2]!,
  )
}
