import type { BeautySettings } from '@shared/media/beauty-settings'
import type { EffectSettings } from '@shared/media/effect-settings'
import type { Face } from '../face/face'
import type { I420Frame, RgbImage } from '../i420'

/** Finds the faces of each frame in turn; `FaceTracker` is one. */
export interface FaceFinder {
  track(frame: I420Frame): Promise<readonly Face[]>
  /** What the newest `track` found. */
  readonly last: readonly Face[]
  /** Forgets all faces: the picture is about to be another one. */
  reset(): void
}

/**
 * Changes the faces of a frame in place; `Beautifier` is one.
 * @returns the faces as they lie in the changed picture: a warp moves their points
 */
export interface FaceChanger {
  apply(
    frame: I420Frame,
    faces: readonly Face[],
    settings: BeautySettings,
    effort?: 'full' | 'no-warp',
  ): readonly Face[]
}

/** All that is asked for a person's picture. */
export interface PersonSettings {
  beauty: BeautySettings
  effects: EffectSettings
  /** What the background `picture` shows; the effects' settings only name it. */
  backgroundPicture?: RgbImage
}

/** One picture of a person on its way through the effects. */
export interface PersonPicture {
  /** Changed in place. */
  frame: I420Frame
  /** Where the faces are now; empty when nothing asked for them. */
  faces: readonly Face[]
  settings: PersonSettings
  /** Time of the picture in its source, milliseconds: what moves by itself follows it. */
  timeMs: number
  /** There is no time for models or costly filters: use what the last picture gave. */
  hurried: boolean
}

/** Something done to a person's picture after the retouch: make-up, background, stickers. */
export interface PersonEffect {
  /** Whether the settings ask for it; cheap. */
  wants(settings: PersonSettings): boolean
  /** Whether it needs faces; they are only looked for when somebody does. */
  readonly needsFaces: boolean
  /** Changes the frame in place. The next call waits for this one. */
  apply(picture: PersonPicture): void | Promise<void>
  /** The next picture belongs to another source. */
  reset(): void
}
