import { MAKEUP_COLOURS, type BeautySettings, type ColouredMakeup } from '@shared/media/beauty-settings'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import type { PersonEffect, PersonPicture, PersonSettings } from '../person/person-effect'
import { Brows } from './brows'
import { boxOf, Coverage } from './coverage'
import { EyeMakeup, type EyeWork } from './eye-makeup'
import { LEFT_EYE_POINTS, RIGHT_EYE_POINTS } from './eye-points'
import { FaceMemories, type FaceMemory } from './face-memory'
import type { FaceSurface } from './face-surface'
import { measureTone, SkinGate, type FaceTone } from './face-tone'
import { Lips } from './lips'
import { makeupView, type MakeupView } from './makeup-view'
import { lightPigment, pigmentOf, tintOf, type Pigment, type Tint } from './pigment'
import { skinSheets } from './skin-sheets'
import { SoftTint } from './soft-tint'
import { drawSheet, type MeshSheet } from './textured-mesh'
import { OVAL } from '../beauty/mesh-indices'

/** Blush at strength 1: share of the skin's luma and chroma that the colour takes over. */
const BLUSH_COVER = 0.14
const BLUSH_STAIN = 0.32
/** Contour at strength 1: the skin's luma above black falls by this share; its colour stays, or it would look grey. */
const CONTOUR: Tint = { gain: -0.29, du: 0, dv: 0 }
/** Width of a face in pixels from which on soft make-up is laid out in steps of 4 pixels. */
const COARSE_FROM = 200

const MAKEUP = ['lipstick', 'blush', 'contour', 'brows', 'eyeShadow', 'eyeLiner', 'lashes', 'lenses'] as const

/**
 * Paints make-up on faces in I420 frames in place, by the points of the mesh. Only luma and chroma of what is already
 * there are moved, so that light, pores, grain and gloss stay. Nothing outside of the face changes, a strength of 0
 * leaves every byte as it is, and the same pictures in the same order give the same result.
 */
export class MakeUp implements PersonEffect {
  readonly needsFaces = true
  readonly #surface: FaceSurface
  readonly #sheets: { blush: MeshSheet; contour: MeshSheet }
  readonly #memories = new FaceMemories()
  readonly #tone: FaceTone = { luma: 0, u: 0, v: 0 }
  readonly #gate = new SkinGate()
  readonly #cover = new Coverage()
  readonly #tint = new SoftTint()
  readonly #lips = new Lips()
  readonly #brows = new Brows()
  readonly #eyes: readonly [EyeMakeup, EyeMakeup]
  readonly #box = new Float32Array(4)
  readonly #pigments = new Map<string, Pigment>()
  /** The colours of the present face, in its light. */
  readonly #lit: Record<ColouredMakeup, Pigment>

  constructor(surface: FaceSurface) {
    this.#surface = surface
    this.#sheets = skinSheets(surface)
    this.#lit = Object.fromEntries(
      Object.keys(MAKEUP_COLOURS).map((id) => [id, { y: 0, u: 0, v: 0 }]),
    ) as unknown as Record<ColouredMakeup, Pigment>
    this.#eyes = [new EyeMakeup(RIGHT_EYE_POINTS, this.#tint), new EyeMakeup(LEFT_EYE_POINTS, this.#tint)]
  }

  wants({ beauty }: PersonSettings): boolean {
    return beauty.enabled && MAKEUP.some((id) => beauty[id] > 0)
  }

  apply({ frame, faces, settings }: PersonPicture): void {
    if (!this.wants(settings)) return
    this.#memories.next()
    for (const face of faces) this.#paintFace(frame, face, settings.beauty)
  }

  reset(): void {
    this.#memories.reset()
  }

  #paintFace(frame: I420Frame, face: Face, settings: BeautySettings): void {
    const view = makeupView(face, this.#surface, frame.width, frame.height)
    if (!view || !measureTone(frame, view, this.#tone)) return
    this.#gate.fit(this.#tone)
    const memory = this.#memories.of(view)
    if (settings.blush > 0 || settings.contour > 0) this.#paintSkin(frame, view, settings)
    this.#paintEyes(frame, view, settings, memory)
    if (settings.lipstick > 0) {
      const pigment = this.#pigment(settings, 'lipstick')
      this.#lips.paint(frame, view, this.#tone, pigment, settings.lipstick * view.trust, memory)
    }
  }

  #paintSkin(frame: I420Frame, view: MakeupView, settings: BeautySettings): void {
    boxOf(this.#box, view.points, OVAL)
    const step = view.region.faceWidth > COARSE_FROM ? 4 : 2
    if (!this.#cover.fit(this.#box, step, step, frame.width, frame.height)) return
    this.#tint.begin(this.#cover)
    if (settings.contour > 0) {
      this.#layTint(frame, view, this.#sheets.contour, CONTOUR, settings.contour)
    }
    if (settings.blush > 0) {
      if (settings.contour > 0) this.#cover.clear()
      const tint = tintOf(this.#pigment(settings, 'blush'), this.#tone, BLUSH_COVER, BLUSH_STAIN)
      this.#layTint(frame, view, this.#sheets.blush, tint, settings.blush)
    }
    this.#tint.apply(frame)
  }

  #layTint(frame: I420Frame, view: MakeupView, sheet: MeshSheet, tint: Tint, strength: number): void {
    drawSheet(this.#cover, sheet, view.points, view.facing)
    this.#tint.add(frame, this.#cover, tint, strength * view.trust, this.#tone, this.#gate)
  }

  #paintEyes(frame: I420Frame, view: MakeupView, settings: BeautySettings, memory: FaceMemory): void {
    const { brows, eyeShadow, eyeLiner, lashes, lenses } = settings
    if (brows > 0) {
      const pigment = this.#pigment(settings, 'brows')
      for (const eye of [RIGHT_EYE_POINTS, LEFT_EYE_POINTS])
        this.#brows.paint(frame, view, eye, this.#tone, pigment, brows * view.trust)
    }
    if (!(eyeShadow > 0 || eyeLiner > 0 || lashes > 0 || lenses > 0)) return
    const work: EyeWork = {
      frame,
      view,
      settings,
      tone: this.#tone,
      gate: this.#gate,
      shadow: this.#pigment(settings, 'eyeShadow'),
      lens: this.#pigment(settings, 'lenses'),
    }
    this.#eyes.forEach((eye, side) => eye.paint(work, memory.eyes[side]!))
  }

  #pigment({ colours }: BeautySettings, id: ColouredMakeup): Pigment {
    const hex = colours[id]
    let pigment = this.#pigments.get(hex)
    if (!pigment) this.#pigments.set(hex, (pigment = pigmentOf(hex)))
    return lightPigment(pigment, this.#tone, this.#lit[id])
  }
}
