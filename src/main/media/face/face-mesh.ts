import { FACE_POINTS } from './face'
import type { TargetFactory } from './crop-target'
import { OnnxModel } from './onnx-model'
import type { PictureSource } from './picture-source'
import { pointsFromCrop, type Roi } from './roi'

/** Pixels of the model's input. */
const SIDE = 192

/** The mesh of a region, and how sure the model is that there is a face in it. */
export interface MeshResult {
  /** 0..1; below 0.5 the points mean nothing. */
  presence: number
  /** 468 * 3 in pixels of the picture. */
  points: Float32Array
}

/** The MediaPipe face mesh of 468 points, open for runs. */
export class FaceMesh {
  readonly #model: OnnxModel

  private constructor(model: OnnxModel) {
    this.#model = model
  }

  static async open(path: string, createTarget?: TargetFactory): Promise<FaceMesh> {
    return new FaceMesh(await OnnxModel.open(path, SIDE, 0, createTarget))
  }

  /** Lays the mesh on the face in `roi`. */
  fit(picture: PictureSource, roi: Roi): Promise<MeshResult> {
    return this.#model.run(
      (target) => picture.crop(roi, target),
      (output) => {
        const points = output(FACE_POINTS * 3).slice()
        pointsFromCrop(points, roi, SIDE)
        return { presence: 1 / (1 + Math.exp(-output(1)[0]!)), points }
      },
    )
  }

  release(): Promise<void> {
    return this.#model.release()
  }
}
