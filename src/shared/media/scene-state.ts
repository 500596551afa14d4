import { z } from 'zod'
import { SourceInfo } from './source-spec'

/**
 * What became of an item's source. `waiting`: a device went away while it was open, its last picture goes on until it is
 * back. `failed` carries a sentence for the person; its last picture is shown dimmed, and it
 * is opened again by itself (cameras and devices every few seconds). `ended`: a file that is not looped is over.
 */
export const SceneItemState = z.discriminatedUnion('state', [
  z.object({ itemId: z.string(), state: z.literal('opening') }),
  z.object({ itemId: z.string(), state: z.literal('open'), info: SourceInfo }),
  z.object({
    itemId: z.string(),
    state: z.literal('waiting'),
    info: SourceInfo,
    code: z.string(),
    message: z.string(),
  }),
  z.object({ itemId: z.string(), state: z.literal('failed'), code: z.string(), message: z.string() }),
  z.object({ itemId: z.string(), state: z.literal('ended') }),
])
export type SceneItemState = z.infer<typeof SceneItemState>

/** What the engine shows. */
export const SceneState = z.object({
  /** The scene on the picture now; null before the first. While fading it is the one that goes. */
  shownId: z.string().nullable(),
  /** The scene that is being opened or faded to; null when nothing changes. */
  nextId: z.string().nullable(),
  /** Every item of the shown and the next scene, one entry for an id. */
  items: z.array(SceneItemState),
})
export type SceneState = z.infer<typeof SceneState>

export const NO_SCENE: SceneState = { shownId: null, nextId: null, items: [] }

/** dBFS since the last message, 0 is full scale, -100 silence. `rmsDb`: a full-scale sine has -3. */
export const SoundLevel = z.object({ peakDb: z.number(), rmsDb: z.number() })
export type SoundLevel = z.infer<typeof SoundLevel>

/** The mixer's meters, about 12 times a second while scenes run. */
export const MixerLevels = z.object({
  /** Visible items with sound: after gate and gain, before fades and master. A muted one is silent. */
  items: z.array(SoundLevel.extend({ itemId: z.string(), gateOpen: z.boolean() })),
  music: SoundLevel,
  /** What goes out, and by how many dB (0 or below) the limiter held it back. */
  master: SoundLevel.extend({ limiterDb: z.number() }),
})
export type MixerLevels = z.infer<typeof MixerLevels>
