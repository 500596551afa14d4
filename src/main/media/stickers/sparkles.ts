import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import type { PersonEffect, PersonPicture, PersonSettings } from '../person/person-effect'
import type { CanonicalHead } from './canonical-head'
import { drawGlint } from './glint'
import { HeadCamera } from './head-camera'
import { HeadFit, headPose } from './head-fit'
import { fitWornFace } from './worn-face'

/** Places for glints at the full amount. */
const MOST = 36
/** Share of its period that a glint is seen for. */
const SEEN = 0.6
/** U and V of the light: white gold, rose, ice. */
const TINTS = [
  [112, 136],
  [122, 144],
  [136, 122],
] as const

/** Glints that twinkle in the hair, on the cheeks and in the air about the head. A pure function of face and time. */
export class Sparkles implements PersonEffect {
  readonly needsFaces = true
  private readonly fit: HeadFit
  private readonly camera: HeadCamera
  private readonly pose = headPose()
  private readonly place = new Float32Array(3)
  private readonly x = new Float32Array(1)
  private readonly y = new Float32Array(1)
  private readonly z = new Float32Array(1)

  constructor(head: CanonicalHead) {
    this.fit = new HeadFit(head)
    this.camera = new HeadCamera(head)
  }

  wants({ effects }: PersonSettings): boolean {
    return effects.sparkles > 0
  }

  apply({ frame, faces, settings, timeMs }: PersonPicture): void {
    const amount = settings.effects.sparkles
    if (!(amount > 0)) return
    for (const face of faces) this.applyTo(frame, face, amount, timeMs)
  }

  reset(): void {
    // Each picture is drawn for itself.
  }

  private applyTo(frame: I420Frame, face: Face, amount: number, timeMs: number): void {
    const fade = fitWornFace(this.fit, face, frame, this.pose)
    if (fade === 0) return
    this.camera.aim(this.pose)
    const count = amount * MOST
    for (let i = 0; i < count; i++) {
      const cycle = timeMs / (1100 + 1300 * hash(i, 1)) + hash(i, 2)
      const turn = Math.floor(cycle)
      const life = (cycle - turn) / SEEN
      if (life >= 1) continue
      // A new glint lights up elsewhere; the last one of a broken number is fainter.
      const strength = fade * Math.sin(Math.PI * life) ** 2 * Math.min(1, count - i)
      const seed = i * 131 + (turn % 4096) * 17
      this.choosePlace(i, seed)
      this.camera.project(this.place, 0, 1, [0, 0], 0, this.x, this.y, this.z)
      const centimetres =
        (i % 4 === 3 ? 0.65 : 0.75 + 1.05 * hash(seed, 6) ** 2) * (0.75 + 0.25 * Math.sin(Math.PI * life))
      const radius = Math.max(2.5, centimetres * this.pose.scale)
      drawGlint(frame, [this.x[0]!, this.y[0]!], radius, strength, TINTS[i % 3]!)
    }
  }

  /** Every fourth glint lies on a cheek, the others in a halo of hair and air above the chin. */
  private choosePlace(i: number, seed: number): void {
    const { place } = this
    if (i % 4 === 3) {
      const side = hash(seed, 3) < 0.5 ? -1 : 1
      place[0] = side * (3.6 + 2.6 * hash(seed, 4))
      place[1] = -1.8 + 2.6 * hash(seed, 5)
      place[2] = 4.2
      return
    }
    const angle = -0.5 + (Math.PI + 1) * hash(seed, 3)
    const reach = 0.78 + 0.5 * hash(seed, 4)
    place[0] = Math.cos(angle) * 10.5 * reach
    place[1] = 3.4 + Math.sin(angle) * 10.8 * reach
    place[2] = -1 - 3 * hash(seed, 5)
  }
}

/** Even numbers 0..1 out of two integers (a finaliser of MurmurHash3, A. Appleby). */
function hash(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}
