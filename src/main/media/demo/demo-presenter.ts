import type { I420Frame } from '../i420'
import { paintBackdrop } from './backdrop'
import { BreathingRoom } from './breathing-room'
import { Bust, paintBust } from './bust'
import { clockText, drawClock } from './clock-overlay'
import { buildEars } from './ears'
import { ExpressionRig, JAW_DROP } from './expression'
import { Eyes } from './eyes'
import { bakeHair, hairPatches } from './hair'
import type { CanonicalFace } from './head-mesh'
import { buildHeadMesh, LANDMARK_COUNT } from './head-mesh'
import type { Camera } from './head-pose'
import { cameraFor, poseMatrix, project } from './head-pose'
import { Mouth } from './mouth'
import { measureOcclusion } from './occlusion'
import { paintAnew, type Paint } from './paint-box'
import type { Patch } from './patch'
import type { Presence } from './presence'
import { presenceAt } from './presence'
import { targetOf } from './raster'
import { SkinLayerDrawing } from './skin-layer'
import { bakeSkin } from './skin-texture'
import { drawBarcode } from './time-barcode'
import { Voice } from './voice'

export interface DemoPresenterOptions {
  /** Even, pixels. */
  width: number
  height: number
  fps: number
  mesh: CanonicalFace
  /** Draws the 40-bit time strip at the bottom edge, for latency measurements. Default false. */
  barcode?: boolean
}

/** Lift of the shoulders from a full breath, centimetres. */
const BREATH_CM = 0.14

/**
 * The demo presenter: a person drawn by this program who talks to the camera, for trying the studio without a camera
 * and as ground truth for tests, because the true landmarks are known. Everything is a pure function of the frame or
 * sample number; the constructor paints all textures once (one to two seconds), drawing moves and samples them.
 */
export class DemoPresenter {
  readonly width: number
  readonly height: number
  readonly fps: number
  private readonly barcode: boolean
  private readonly camera: Camera
  private readonly rig: ExpressionRig
  private readonly voice = new Voice()
  private readonly room: BreathingRoom
  private readonly backHair: Patch
  private readonly bust: Bust
  private readonly ears: Patch[]
  private readonly eyes: Eyes
  private readonly mouth: Mouth
  private readonly skin: SkinLayerDrawing
  private readonly frontHair: Patch
  private readonly positions: Float32Array
  private readonly matrix = new Float32Array(12)

  /** @param paint finds what was painted before */
  constructor(options: DemoPresenterOptions, paint: Paint = paintAnew) {
    const { width, height, fps, mesh } = options
    this.width = width
    this.height = height
    this.fps = fps
    this.barcode = options.barcode ?? false
    this.camera = cameraFor(width, height)
    const head = buildHeadMesh(mesh)
    this.rig = new ExpressionRig(head)
    this.positions = new Float32Array(head.total * 3)
    // A little more than one texel for a pixel of the face.
    const pixelsPerCm = this.camera.focal / (this.camera.distance - 4)
    const texelsPerCm = pixelsPerCm * 1.05
    const skin = paint('skin', () => bakeSkin(head, measureOcclusion(head), Math.round(texelsPerCm * 25)))
    this.skin = new SkinLayerDrawing(head, skin)
    this.eyes = new Eyes(texelsPerCm * 1.5)
    this.mouth = new Mouth(texelsPerCm * 1.2)
    this.ears = buildEars(texelsPerCm)
    this.bust = new Bust(paint('bust', () => paintBust(texelsPerCm * 0.95)))
    const hair = hairPatches(paint('hair', () => bakeHair(texelsPerCm)))
    this.frontHair = hair.front
    this.backHair = hair.back
    const chestRow = this.camera.centreY + (8 * this.camera.focal) / this.camera.distance
    this.room = new BreathingRoom(
      paint('backdrop', () => paintBackdrop(width, height)),
      (frame, breath) => this.bust.drawBody(targetOf(frame), this.camera, breath * BREATH_CM),
      Math.floor(chestRow),
    )
  }

  /** Draws frame `frameIndex` into `out` (same size); `clockMs` (unix ms) is what the clock shows. */
  draw(frameIndex: number, clockMs: number, out: I420Frame): void {
    const presence = this.pose(frameIndex)
    const { camera, matrix } = this
    const target = targetOf(out)
    this.room.copyTo(out, presence.breath)
    this.backHair.draw(target, camera, matrix)
    this.bust.drawNeck(target, camera, matrix, this.room.snap(presence.breath) * BREATH_CM)
    for (const ear of this.ears) ear.draw(target, camera, matrix)
    this.eyes.draw(target, camera, matrix, presence.gazeX, presence.gazeY)
    this.mouth.draw(target, camera, matrix, presence.expression.mouth * JAW_DROP)
    this.skin.draw(target, camera, matrix, this.positions)
    this.frontHair.draw(target, camera, matrix)
    drawClock(target, clockText(clockMs, frameIndex))
    if (this.barcode) drawBarcode(target, clockMs)
  }

  /**
   * The true face mesh of a frame: 468 points x, y, z. x and y are pixels of the picture; z is depth in pixels at the
   * scale of the face, smaller is nearer, zero at the depth of the ears, as the face mesh model has it.
   */
  landmarks(frameIndex: number): Float32Array {
    this.pose(frameIndex)
    const x = new Float32Array(LANDMARK_COUNT)
    const y = new Float32Array(LANDMARK_COUNT)
    const z = new Float32Array(LANDMARK_COUNT)
    project(this.camera, this.matrix, this.positions, LANDMARK_COUNT, x, y, z)
    const scale = this.camera.focal / this.camera.distance
    const out = new Float32Array(LANDMARK_COUNT * 3)
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      out[i * 3] = x[i]!
      out[i * 3 + 1] = y[i]!
      out[i * 3 + 2] = -z[i]! * scale
    }
    return out
  }

  /** Stereo interleaved PCM at 48 kHz: `count` sample pairs from pair `startSample` on. Frame n starts at n / fps. */
  pcm(startSample: number, count: number): Int16Array {
    return this.voice.pcm(startSample, count)
  }

  private pose(frameIndex: number): Presence {
    const seconds = frameIndex / this.fps
    const presence = presenceAt(seconds, this.voice.shapeAt(seconds))
    poseMatrix(presence.pose, this.matrix)
    this.rig.apply(presence.expression, this.positions)
    return presence
  }
}
