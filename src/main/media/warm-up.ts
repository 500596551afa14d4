import type { FaceWork } from './engine-parts'
import { boxOfPoints, type Face } from './face/face'
import { FaceTracker } from './face/face-tracker'
import { I420Source } from './face/i420-source'
import { i420Size, planesOf, type I420Frame } from './i420'
import { effortFor } from './overload'
import type { StudioFormat } from './studio-format'

/**
 * One round for each, as shares of the height: the filter takes other paths for small faces than for large ones. Cold,
 * the first frame costs 200 ms of CPU, the second 100, the fifth what all others cost (measured).
 */
const SIZES = [0.9, 0.5, 0.7, 1.1, 0.8]

/**
 * Runs face mesh and filter on a plain skin-coloured picture until the compiler has made them fast, so that the first
 * seconds of a show have no late frames. The mesh lays a face on any picture; that one is retouched.
 */
export async function warmUp(work: FaceWork, { width, height }: StudioFormat): Promise<void> {
  const tracker = new FaceTracker(work.models)
  let round = 0
  let last: Face[] = []
  const person = work.createPerson({
    get last() {
      return last
    },
    async track(frame) {
      await tracker.track(frame)
      const roi = {
        cx: width * (0.4 + 0.05 * round),
        cy: height / 2,
        size: height * SIZES[round]!,
        rotation: 0.1 * round,
      }
      const { points } = await work.models.mesh.fit(new I420Source(frame), roi)
      last = [{ score: 1, box: boxOfPoints(points), points }]
      return last
    },
    reset: () => undefined,
  })
  for (; round < SIZES.length; round++) await person.apply(skinColoured(width, height), effortFor(0), round * 33)
}

function skinColoured(width: number, height: number): I420Frame {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const { y, u, v } = planesOf(frame)
  // A slope with grain: with even values the compiler would expect even values ever after.
  for (let i = 0; i < y.length; i++) y[i] = 110 + ((i % width) * 80) / width + ((i * 7919) % 13)
  for (let i = 0; i < u.length; i++) {
    u[i] = 112 + ((i * 7919) % 5)
    v[i] = 150 + ((i * 104_729) % 7)
  }
  return frame
}
