import { z } from 'zod'

/** What to capture. A camera without a device means the first one found. */
export const SourceSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('demo') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1), loop: z.boolean() }),
  z.object({ kind: z.literal('camera'), device: z.string().min(1).optional(), microphone: z.string().optional() }),
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
