import { z } from 'zod'
import { SourceSpec } from './source-spec'

/** Limits of a collection of scenes. */
export const MOST_ITEMS = 8
export const MOST_SCENES = 24

const Id = z.string().min(1).max(64)
/** Decibels of a fader; the lowest value is quiet, not silent: that is `muted`. */
const GainDb = z.number().min(-60).max(12)

/**
 * Where an item lies: its left upper corner and size as shares of the canvas (0,0 is the left upper corner, 1 the whole
 * width or height). It may lie partly or wholly outside.
 */
export const ScenePlace = z.object({
  x: z.number().min(-4).max(4),
  y: z.number().min(-4).max(4),
  width: z.number().min(0.01).max(4),
  height: z.number().min(0.01).max(4),
})
export type ScenePlace = z.infer<typeof ScenePlace>

/** What is cut off the source's picture, as shares of its width and height. At least 2 % are left. */
export const SceneCrop = z
  .object({
    left: z.number().min(0).max(0.98),
    top: z.number().min(0).max(0.98),
    right: z.number().min(0).max(0.98),
    bottom: z.number().min(0).max(0.98),
  })
  .refine(({ left, right }) => left + right <= 0.98 + 1e-9, 'Nothing of the picture would be left.')
  .refine(({ top, bottom }) => top + bottom <= 0.98 + 1e-9, 'Nothing of the picture would be left.')
export type SceneCrop = z.infer<typeof SceneCrop>

/** How the cropped picture fills its place: inside with nothing around it, over the whole place with its edges cut off, or bent to it. */
export const SceneFit = z.enum(['contain', 'cover', 'stretch'])
export type SceneFit = z.infer<typeof SceneFit>

/** The channel of one item in the mixer. A hidden item is silent. */
export const ItemSound = z.object({
  gainDb: GainDb,
  muted: z.boolean(),
  /** Below this level (dBFS) the noise gate closes; null without a gate. */
  gateDb: z.number().min(-80).max(-10).nullable(),
  /** Sound later than the picture, milliseconds; below zero the picture waits for the sound instead. */
  delayMs: z.number().int().min(-500).max(2000),
})
export type ItemSound = z.infer<typeof ItemSound>

export const SceneItem = z.object({
  /**
   * Unique within its scene. The same id with the same source in two scenes is one input: it is not opened anew, and a
   * file plays on, when the scene is changed. A camera or the demo is opened once, however many items show it.
   */
  id: Id,
  name: z.string().max(80),
  source: SourceSpec,
  place: ScenePlace,
  crop: SceneCrop,
  fit: SceneFit,
  visible: z.boolean(),
  /** Not to be moved by dragging; the engine does not care. */
  locked: z.boolean(),
  /** There is a person in it: retouch, make-up, background and stickers work on it. */
  beautify: z.boolean(),
  mirror: z.boolean(),
  sound: ItemSound,
})
export type SceneItem = z.infer<typeof SceneItem>

/** `items`: the front-most last. */
export const Scene = z
  .object({ id: Id, name: z.string().min(1).max(80), items: z.array(SceneItem).max(MOST_ITEMS) })
  .refine(({ items }) => hasUniqueIds(items), 'Two items of a scene have the same id.')
export type Scene = z.infer<typeof Scene>

/** How scenes change; `ms` is used by the fade. */
export const SceneTransition = z.object({ kind: z.enum(['cut', 'fade']), ms: z.number().int().min(50).max(3000) })
export type SceneTransition = z.infer<typeof SceneTransition>

/** Music under the show, looped. `duck`: quieter (12 dB) while somebody speaks. */
export const MusicBed = z.object({
  path: z.string().min(1).max(4096).nullable(),
  gainDb: GainDb,
  playing: z.boolean(),
  duck: z.boolean(),
})
export type MusicBed = z.infer<typeof MusicBed>

export const SceneCollection = z
  .object({
    scenes: z.array(Scene).min(1).max(MOST_SCENES),
    /** The scene that is shown. */
    currentId: Id,
    transition: SceneTransition,
    music: MusicBed,
    masterGainDb: GainDb,
  })
  .refine(({ scenes }) => hasUniqueIds(scenes), 'Two scenes have the same id.')
  .refine(({ scenes, currentId }) => scenes.some(({ id }) => id === currentId), 'The chosen scene does not exist.')
export type SceneCollection = z.infer<typeof SceneCollection>

function hasUniqueIds(list: readonly { id: string }[]): boolean {
  return new Set(list.map(({ id }) => id)).size === list.length
}
