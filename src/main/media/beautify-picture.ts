import type { BeautifyFileOptions, BeautifyResult } from './beautify-file'
import type { FaceWork } from './engine-parts'
import type { Face } from './face/face'
import { findFaces } from './face/detect-still'
import type { I420Frame, RgbImage } from './i420'
import { colourPicture } from './look/frame-look'
import { effortFor } from './overload'
import { rgbToI420, writeChanged } from './rgb-i420'
import { decodeStill, encodeStill } from './still-image'

/** Retouches a still picture; pixels that the retouching leaves alone keep their exact value. */
export async function beautifyPicture(work: FaceWork, options: BeautifyFileOptions): Promise<BeautifyResult> {
  const { input, output, settings, ffmpegPath, signal, onProgress } = options
  const image: RgbImage = await decodeStill(input, { ffmpegPath, signal })
  let faces: readonly Face[] = []
  const person = work.createPerson({
    track: async () => (faces = await findFaces(work.models, image, { signal })),
    last: [],
    reset: () => undefined,
  })
  person.settings = settings
  if (person.wanted) {
    const before = rgbToI420(image)
    const after: I420Frame = { ...before, data: before.data.slice() }
    await person.apply(after, effortFor(0), 0)
    writeChanged(image, before, after)
  }
  if (options.look) colourPicture(image, options.look.settings, options.look.cube)
  await encodeStill(output, image, { ffmpegPath, signal })
  onProgress?.({ frames: 1, total: 1 })
  return { frames: 1, width: image.width, height: image.height, withFaces: faces.length > 0 ? 1 : 0 }
}
