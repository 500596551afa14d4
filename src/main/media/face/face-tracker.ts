import type { I420Frame } from '../i420'
import { boxOverlap, type Face } from './face'
import type { FaceModels } from './face-models'
import { FaceTrack } from './face-track'
import { I420Source } from './i420-source'
import { roiOfDetection } from './roi'

/** How the tracker works; all have defaults. */
export interface FaceTrackerOptions {
  /** At most this many faces are followed; 4. */
  maxFaces?: number
  /** Frames in a second, for the smoothing; 30. */
  fps?: number
  /** Whether the points are calmed over time; true. */
  smoothing?: boolean
}

/** While a face is followed, one look for further faces in so many frames; while none is, every frame. */
const LOOK_FOR_MORE = 15
/** One look in so many is with the costly detector for small faces, the others with the cheap one. */
const LOOK_FAR = 5
/** A detection and a mesh, or two meshes, that overlap more than this are one face. */
const SAME_FACE = 0.3

/**
 * Follows the faces of a running picture. The mesh of one frame tells where to look in the next, so the detectors run
 * only for faces that are not followed yet. One frame at a time: wait for `track` before the next call.
 */
export class FaceTracker {
  readonly #models: FaceModels
  readonly #maxFaces: number
  readonly #fps: number
  readonly #smoothing: boolean
  #tracks: FaceTrack[] = []
  #last: Face[] = []
  #framesSinceLook = 0
  /** Looks since one found a new face, so that the first look after a loss is cheap. */
  #vainLooks = 0

  constructor(models: FaceModels, { maxFaces = 4, fps = 30, smoothing = true }: FaceTrackerOptions = {}) {
    this.#models = models
    this.#maxFaces = maxFaces
    this.#fps = fps
    this.#smoothing = smoothing
  }

  /**
   * The faces of the next frame. A face keeps its place in the list for as long as it is followed; later ones come
   * after it. The frame is not kept.
   */
  async track(frame: I420Frame): Promise<Face[]> {
    const picture = new I420Source(frame)
    const before = this.#tracks.length
    await this.#follow(picture)
    if (this.#isLookDue(this.#tracks.length < before)) await this.#look(picture)
    this.#last = this.#tracks.map((track) => track.face)
    return this.#last
  }

  /** The result of the last frame, for a frame that there is no time to look at. */
  get last(): Face[] {
    return this.#last
  }

  /** Forgets all faces: the picture is about to be another one. */
  reset(): void {
    this.#tracks = []
    this.#last = []
    this.#framesSinceLook = 0
    this.#vainLooks = 0
  }

  async #follow(picture: I420Source): Promise<void> {
    const kept: FaceTrack[] = []
    for (const track of this.#tracks) {
      const found = await track.follow(this.#models.mesh, picture)
      // Two faces that cross can pull both meshes onto one of them: the older track keeps it.
      if (found && !kept.some((other) => boxOverlap(other.face.box, track.face.box) > SAME_FACE)) kept.push(track)
    }
    this.#tracks = kept
  }

  #isLookDue(lostOne: boolean): boolean {
    this.#framesSinceLook++
    if (this.#tracks.length >= this.#maxFaces) return false
    return lostOne || this.#tracks.length === 0 || this.#framesSinceLook >= LOOK_FOR_MORE
  }

  async #look(picture: I420Source): Promise<void> {
    this.#framesSinceLook = 0
    this.#vainLooks++
    const far = this.#vainLooks % LOOK_FAR === 0
    const detections = await (far ? this.#models.fullRange : this.#models.shortRange).detect(picture)
    for (const detection of detections) {
      if (this.#tracks.length >= this.#maxFaces) break
      if (this.#isFollowed(detection.box)) continue
      const track = new FaceTrack(roiOfDetection(detection), this.#smoothing ? this.#fps : null)
      if (!(await track.settle(this.#models.mesh, picture))) continue
      if (this.#isFollowed(track.face.box)) continue
      this.#tracks.push(track)
      this.#vainLooks = 0
    }
  }

  #isFollowed(box: readonly number[]): boolean {
    return this.#tracks.some((track) => boxOverlap(track.face.box, box) > SAME_FACE)
  }
}
