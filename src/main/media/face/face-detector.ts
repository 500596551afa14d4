import { anchorCentres, decodeBlazeFace, type AnchorGrid, type Detection } from './blaze-face'
import type { TargetFactory } from './crop-target'
import { OnnxModel } from './onnx-model'
import type { PictureSource } from './picture-source'
import { roiOfPicture, type Roi } from './roi'

/** What distinguishes the two BlazeFace models. */
interface Variant {
  file: string
  side: number
  grids: AnchorGrid[]
}

/** Finds faces wider than about a tenth of the picture. */
export const SHORT_RANGE: Variant = {
  file: 'face-detector-short.onnx',
  side: 128,
  grids: [
    { cells: 16, perCell: 2 },
    { cells: 8, perCell: 6 },
  ],
}

/** Finds smaller faces too, at three times the cost. */
export const FULL_RANGE: Variant = {
  file: 'face-detector-full.onnx',
  side: 192,
  grids: [{ cells: 48, perCell: 1 }],
}

/** A BlazeFace model, open for runs. */
export class FaceDetector {
  readonly #model: OnnxModel
  readonly #centres: Float32Array

  private constructor(model: OnnxModel, centres: Float32Array) {
    this.#model = model
    this.#centres = centres
  }

  static async open(path: string, { side, grids }: Variant, createTarget?: TargetFactory): Promise<FaceDetector> {
    return new FaceDetector(await OnnxModel.open(path, side, -1, createTarget), anchorCentres(grids))
  }

  /**
   * Faces in the picture, in its pixels, the best first.
   *
   * @param roi upright part of the picture to look at; all of it when left out
   */
  detect(picture: PictureSource, roi: Roi = roiOfPicture(picture.width, picture.height)): Promise<Detection[]> {
    const square = { x: roi.cx - roi.size / 2, y: roi.cy - roi.size / 2, size: roi.size }
    const anchors = this.#centres.length / 2
    return this.#model.run(
      (target) => picture.crop(roi, target),
      (output) => decodeBlazeFace(output(anchors * 16), output(anchors), this.#centres, this.#model.side, square),
    )
  }

  release(): Promise<void> {
    return this.#model.release()
  }
}
