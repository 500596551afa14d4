import { z } from 'zod'

/** A device as the system names it, or part of what a person reads. */
const device = z.string().min(1).max(1000)
/** Which sound goes with a picture: a microphone, `none`, or without it the system's default. */
const microphone = z.string().max(1000).optional()

/** A part of the desktop in pixels; negative where a monitor stands left of or above the first. */
export const ScreenRegion = z.object({
  x: z.number().int().min(-65_536).max(65_536),
  y: z.number().int().min(-65_536).max(65_536),
  width: z.number().int().min(2).max(32_768),
  height: z.number().int().min(2).max(32_768),
})
export type ScreenRegion = z.infer<typeof ScreenRegion>

/** What to capture. A camera, screen or microphone without a device means the first one found. */
export const SourceSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('demo') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1), loop: z.boolean() }),
  z.object({ kind: z.literal('picture'), path: z.string().min(1) }),
  z.object({ kind: z.literal('camera'), device: device.optional(), microphone }),
  /** A whole screen, or a part of the desktop. */
  z.object({ kind: z.literal('screen'), device: device.optional(), region: ScreenRegion.optional(), microphone }),
  z.object({ kind: z.literal('window'), device, microphone }),
  /** Sound alone, over a dark picture. */
  z.object({ kind: z.literal('microphone'), device: device.optional() }),
  /**
   * Captured by the window of the app. `video` is a camera of Chromium's or a desktop id (`screen:1:0`,
   * `window:7:0`), `audio` a microphone of Chromium's; not both may be null.
   */
  z
    .object({
      kind: z.literal('browser'),
      video: device.nullable(),
      audio: device.nullable(),
      label: z.string().min(1).max(200),
    })
    .refine(({ video, audio }) => video !== null || audio !== null, 'Choose a picture or a sound.'),
  /** The gifts of the own live, drawn over the scene as they are given; nothing is opened for it. */
  z.object({ kind: z.literal('gifts') }),
])
export type SourceSpec = z.infer<typeof SourceSpec>

/** One line of the source list. */
export const SourceOption = z.object({ id: z.string(), label: z.string(), spec: SourceSpec })
export type SourceOption = z.infer<typeof SourceOption>

/** What an opened source delivers after conversion to the studio's format. */
export const SourceInfo = z.object({
  label: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  fps: z.number().positive(),
  hasAudio: z.boolean(),
  /** Where the picture itself lies in the frame, pixels, even: the rest is bars. Without it: everywhere. */
  picture: z
    .object({
      x: z.number().int().nonnegative(),
      y: z.number().int().nonnegative(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
    })
    .optional(),
})
export type SourceInfo = z.infer<typeof SourceInfo>
