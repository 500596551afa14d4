import type { EffectSettings, StickerId } from '@shared/media/effect-settings'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import type { PersonEffect, PersonPicture, PersonSettings } from '../person/person-effect'
import type { CanonicalHead } from './canonical-head'
import { composite } from './composite'
import { fillPart, softenOutline } from './draw-part'
import { HeadCamera } from './head-camera'
import { HeadDepth, hideBehind } from './head-depth'
import { HeadFit, headPose } from './head-fit'
import { outfit } from './design/outfit'
import { ANCHORS, type Anchor } from './model/anchor'
import type { Shape } from './model/shape'
import { sceneLight, type SceneLight } from './scene-light'
import { screenMesh, type ScreenMesh } from './screen-mesh'
import { StickerCanvas } from './sticker-canvas'
import { swayed } from './sway'
import { lightPart } from './vertex-light'
import { fitWornFace } from './worn-face'

/** A part follows its point of the face no further than this from the rigid head, centimetres. */
const MOST_PULL = 1.6

/** What a person wears in the picture: follows the head in space, and the head hides what lies behind it. */
export class Stickers implements PersonEffect {
  readonly needsFaces = true
  private readonly fit: HeadFit
  private readonly camera: HeadCamera
  private readonly headDepth: HeadDepth
  private readonly canvas = new StickerCanvas()
  private readonly pose = headPose()
  private readonly light: SceneLight = { level: 1, tintU: 0, tintV: 0 }
  private worn: { key: string; shape: Shape; mesh: ScreenMesh; moved: Float32Array } | null = null
  private readonly spot = { x: new Float32Array(1), y: new Float32Array(1), z: new Float32Array(1) }
  private readonly pull: [number, number] = [0, 0]
  private readonly region: [number, number, number, number] = [0, 0, 0, 0]

  constructor(private readonly head: CanonicalHead) {
    this.fit = new HeadFit(head)
    this.camera = new HeadCamera(head)
    this.headDepth = new HeadDepth(head)
  }

  wants({ effects }: PersonSettings): boolean {
    return effects.stickers.length > 0
  }

  apply({ frame, faces, settings, timeMs }: PersonPicture): void {
    if (faces.length === 0 || settings.effects.stickers.length === 0) return
    this.dress(settings.effects.stickers)
    // Larger faces are nearer and drawn last.
    const order = faces.length === 1 ? faces : [...faces].sort((a, b) => a.box[2] - b.box[2])
    for (const face of order) this.applyTo(frame, face, timeMs)
  }

  reset(): void {
    // Each picture is drawn for itself.
  }

  /**
   * The part of the frame that the last face's stickers may have changed: left, top, right, bottom, the last two
   * exclusive; empty when nothing was drawn.
   */
  get lastRegion(): readonly [number, number, number, number] {
    return this.region
  }

  private dress(stickers: EffectSettings['stickers']): void {
    const key = stickers.join()
    if (this.worn?.key === key) return
    const shape = outfit(new Set<StickerId>(stickers))
    this.worn = { key, shape, mesh: screenMesh(shape.alphas.length), moved: new Float32Array(shape.positions.length) }
  }

  private applyTo(frame: I420Frame, face: Face, timeMs: number): void {
    this.region.fill(0)
    const { pose, camera, canvas } = this
    const { points } = face
    if (!this.worn) return
    const fade = fitWornFace(this.fit, face, frame, pose)
    if (fade === 0) return
    camera.aim(pose)
    const { shape, mesh, moved } = this.worn
    for (const part of shape.parts) {
      this.follow(part.anchor, points)
      const positions = part.sway ? swayed(shape, part, part.sway, timeMs, moved) : shape.positions
      camera.project(positions, part.firstVertex, part.endVertex, this.pull, part.lift, mesh.x, mesh.y, mesh.z)
    }
    if (!canvas.open(this.boundsOf(mesh), frame.width, frame.height)) return
    sceneLight(frame, face, this.light)
    const turn = pose.mirrored ? -1 : 1
    for (const part of shape.parts) {
      lightPart(shape, part, camera.rotation, this.light, mesh)
    }
    this.drawParts(shape, mesh, turn)
    this.headDepth.draw(canvas, camera, points, turn)
    composite(canvas, frame, fade)
    const { left, top } = canvas
    this.region[0] = left
    this.region[1] = top
    this.region[2] = left + canvas.width
    this.region[3] = top + canvas.height
  }

  /** What lets light through comes first: an opaque rim covers the edge of its lens, and its soft outline lies over it. */
  private drawParts(shape: Shape, mesh: ScreenMesh, turn: number): void {
    const { canvas } = this
    const { parts } = shape
    for (const part of parts) if (part.blend) fillPart(canvas, shape, part, mesh, turn)
    for (const part of parts) if (!part.blend && !part.hides) fillPart(canvas, shape, part, mesh, turn)
    for (const part of parts) softenOutline(canvas, shape, part, mesh, turn)
    for (const part of parts) if (part.hides) hideBehind(canvas, shape, part, mesh, turn)
  }

  /** How far the anchor's point of the face lies from that of the rigid head, into `pull`, pixels. */
  private follow(anchor: Anchor, points: Float32Array): void {
    const { spot, pull, head, pose } = this
    pull.fill(0)
    const indices = ANCHORS[anchor]
    for (const index of indices) {
      this.camera.project(
        head.positions.subarray(index * 3, index * 3 + 3),
        ...([0, 1] as const),
        [0, 0],
        0,
        spot.x,
        spot.y,
        spot.z,
      )
      pull[0] += (points[index * 3]! - spot.x[0]!) / indices.length
      pull[1] += (points[index * 3 + 1]! - spot.y[0]!) / indices.length
    }
    const length = Math.hypot(pull[0], pull[1])
    const most = MOST_PULL * pose.scale
    if (length > most) {
      pull[0] *= most / length
      pull[1] *= most / length
    }
  }

  private boundsOf({ x, y, count }: ScreenMesh): [number, number, number, number] {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (let i = 0; i < count; i++) {
      if (x[i]! < left) left = x[i]!
      if (x[i]! > right) right = x[i]!
      if (y[i]! < top) top = y[i]!
      if (y[i]! > bottom) bottom = y[i]!
    }
    // The soft outline reaches one pixel further.
    return [left - 1, top - 1, right + 2, bottom + 2]
  }
}
