import type { SourceSpec } from '@shared/media/source-spec'
import { loadEngineParts, type PartsOptions } from '../src/main/media/engine-parts'
import { boxOfPoints, type Face } from '../src/main/media/face/face'
import { loadFaceModels } from '../src/main/media/face/face-models'
import { FaceTracker } from '../src/main/media/face/face-tracker'
import { i420Size, type I420Frame } from '../src/main/media/i420'
import { STUDIO_FORMAT } from '../src/main/media/studio-format'

/** A picture with one face in it. */
export interface FaceFrame {
  frame: I420Frame
  face: Face
}

/** Frames of a source at 1280x720 on which the tracker sees a face; as many as asked for, or fewer at its end. */
export async function faceFrames(options: PartsOptions, source: SourceSpec, count: number): Promise<FaceFrame[]> {
  const parts = await loadEngineParts(options)
  await parts.warm
  const capture = await parts.openSource(source, STUDIO_FORMAT)
  const { width, height } = STUDIO_FORMAT
  const frames: I420Frame[] = []
  await new Promise<void>((done) => {
    capture.start({
      acquire: () => ({ width, height, data: new Uint8Array(i420Size(width, height)) }),
      onFree: (callback) => callback(),
      commit: (frame) => {
        if (frames.push(frame) >= count) done()
      },
      dropped: () => undefined,
      audio: () => undefined,
      ended: () => done(),
    })
  })
  await capture.close()
  const models = await loadFaceModels(options.modelsDir)
  const tracker = new FaceTracker(models)
  const found: FaceFrame[] = []
  for (const frame of frames) {
    const [face] = await tracker.track(frame)
    if (face) found.push({ frame, face: { ...face, points: face.points.slice() } })
  }
  await models.release()
  await parts.close()
  return found
}

/** The same pictures at another size, cut so that the face fills `share` of the width (in the middle, where it fits). */
export function framed(frames: FaceFrame[], width: number, height: number, share: number): FaceFrame[] {
  const widths = frames.map(({ face }) => cheekDistance(face)).sort((a, b) => a - b)
  const scale = (share * width) / widths[widths.length >> 1]!
  return frames.map((each) => zoomed(each, width, height, scale))
}

function cheekDistance({ points }: Face): number {
  const [right, left] = [234 * 3, 454 * 3]
  return Math.hypot(points[left]! - points[right]!, points[left + 1]! - points[right + 1]!)
}

function zoomed({ frame, face }: FaceFrame, width: number, height: number, scale: number): FaceFrame {
  const [bx, by, bw, bh] = face.box
  const left = bx + bw / 2 - width / (2 * scale)
  const top = by + bh / 2 - height / (2 * scale)
  const target = { width, height, data: new Uint8Array(i420Size(width, height)) }
  let [from, to] = [0, 0]
  for (const divide of [1, 2, 2]) {
    const [sw, sh, tw, th] = [frame.width / divide, frame.height / divide, width / divide, height / divide]
    for (let y = 0; y < th; y++)
      for (let x = 0; x < tw; x++)
        target.data[to + y * tw + x] = sampled(
          frame.data,
          from,
          sw,
          sh,
          left / divide + x / scale,
          top / divide + y / scale,
        )
    from += sw * sh
    to += tw * th
  }
  const points = face.points.map((value, i) => (i % 3 === 0 ? value - left : i % 3 === 1 ? value - top : value) * scale)
  return { frame: target, face: { score: face.score, box: boxOfPoints(points), points } }
}

/** Bilinear; outside of the picture its border goes on. */
function sampled(data: Uint8Array, start: number, width: number, height: number, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1.001)
  const cy = Math.min(Math.max(y, 0), height - 1.001)
  const at = start + Math.floor(cy) * width + Math.floor(cx)
  const [fx, fy] = [cx % 1, cy % 1]
  const upper = data[at]! + (data[at + 1]! - data[at]!) * fx
  const lower = data[at + width]! + (data[at + width + 1]! - data[at + width]!) * fx
  return Math.round(upper + (lower - upper) * fy)
}
