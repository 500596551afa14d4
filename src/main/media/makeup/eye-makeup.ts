import type { BeautySettings } from '@shared/media/beauty-settings'
import type { I420Frame } from '../i420'
import { boxOf, Coverage } from './coverage'
import { paintDark } from './dark-paint'
import { drawLiner } from './eye-liner'
import type { EyePoints } from './eye-points'
import { EyeShadow, SHADOW_POINTS } from './eye-shadow'
import { EyeShape } from './eye-shape'
import { follow, type EyeMemory } from './face-memory'
import type { FaceTone, SkinGate } from './face-tone'
import { drawLashes } from './lashes'
import { Lenses } from './lenses'
import type { MakeupView } from './makeup-view'
import { tintOf, type Pigment } from './pigment'
import type { SoftTint } from './soft-tint'

/** Shadow at strength 1: share of the skin's luma and chroma that the colour takes over. */
const SHADOW_COVER = 1.3
const SHADOW_STAIN = 1
const LINER = 0.9
const LASHES = 0.82
/** How fast the judgement whether an eye is uncovered follows, a picture. */
const PACE = 0.35
const HIDDEN = 0.1

/** What the eyes of one face share. */
export interface EyeWork {
  frame: I420Frame
  view: MakeupView
  tone: FaceTone
  gate: SkinGate
  settings: BeautySettings
  shadow: Pigment
  lens: Pigment
}

/** Shadow, lens, liner and lashes of one eye, in this order. */
export class EyeMakeup {
  readonly #shape: EyeShape
  readonly #opening = new Coverage()
  readonly #soft = new Coverage()
  readonly #dark = new Coverage()
  readonly #shadow = new EyeShadow()
  readonly #lenses = new Lenses()
  readonly #box = new Float32Array(4)

  constructor(
    points: EyePoints,
    private readonly tint: SoftTint,
  ) {
    this.#shape = new EyeShape(points)
  }

  paint(work: EyeWork, memory: EyeMemory): void {
    const { frame, view, settings } = work
    const eye = this.#shape
    if (!eye.fit(view)) return
    const opening = this.#opening
    const inFrame = opening.fit(eye.box, 2, 1, frame.width, frame.height)
    if (inFrame) {
      opening.fill(eye.opening, eye.opening.length / 2, 1)
      const seen = eye.seen(frame, opening, work.gate)
      if (!Number.isNaN(seen)) memory.seen = follow(memory.seen, seen, PACE)
    }
    const seen = Number.isNaN(memory.seen) ? 1 : memory.seen
    const trust = view.trust * eye.facing * (HIDDEN + (1 - HIDDEN) * seen)
    if (settings.eyeShadow > 0) this.#paintShadow(work, settings.eyeShadow * trust)
    if (settings.lenses > 0 && inFrame) {
      this.#lenses.paint(frame, eye, opening, work.lens, settings.lenses * trust, memory)
    }
    if (settings.eyeLiner > 0) {
      this.#paintDark(work, LINER * settings.eyeLiner * trust, (cover) =>
        drawLiner(cover, eye, view, settings.eyeLiner),
      )
    }
    if (settings.lashes > 0) {
      this.#paintDark(work, LASHES * settings.lashes ** 0.8 * trust, (cover) => drawLashes(cover, eye, settings.lashes))
    }
  }

  #paintShadow({ frame, view, tone, gate, shadow }: EyeWork, strength: number): void {
    const eye = this.#shape
    this.#shadow.place(eye, view)
    boxOf(this.#box, this.#shadow.points, SHADOW_POINTS)
    if (!this.#soft.fit(this.#box, 4, 2, frame.width, frame.height)) return
    this.#shadow.draw(this.#soft, eye)
    this.tint.begin(this.#soft)
    this.tint.add(frame, this.#soft, tintOf(shadow, tone, SHADOW_COVER, SHADOW_STAIN), strength, tone, gate)
    this.tint.apply(frame)
  }

  #paintDark({ frame, tone }: EyeWork, strength: number, draw: (cover: Coverage) => void): void {
    const eye = this.#shape
    // Lashes and the wing reach a quarter of the eye's width beyond it.
    if (!this.#dark.fit(eye.box, 0.3 * eye.width3d, 1, frame.width, frame.height)) return
    draw(this.#dark)
    paintDark(frame, this.#dark, tone, strength)
  }
}
