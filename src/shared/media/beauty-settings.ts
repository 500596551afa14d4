import { z } from 'zod'

/** How the sliders are grouped for a person. */
export const BEAUTY_GROUPS = [
  { id: 'skin', label: 'Skin' },
  { id: 'face', label: 'Face' },
  { id: 'eyes', label: 'Eyes' },
  { id: 'nose', label: 'Nose' },
  { id: 'mouth', label: 'Mouth' },
  { id: 'makeup', label: 'Make-up' },
] as const
export type BeautyGroup = (typeof BEAUTY_GROUPS)[number]['id']

/**
 * Every strength, in the order it is offered. 0 leaves the picture untouched, 1 is the most; a signed one goes from -1
 * to 1, and `ends` says what its two ends do. `initial` is what a new person has: visible, still natural.
 */
export const BEAUTY_CONTROLS = [
  { id: 'smooth', label: 'Smoothing', group: 'skin', initial: 0.4 },
  { id: 'whiten', label: 'Whitening', group: 'skin', initial: 0.35 },
  { id: 'rosy', label: 'Rosy skin', group: 'skin', initial: 0.1 },
  { id: 'tone', label: 'Skin tone', group: 'skin', initial: 0, ends: ['cooler', 'warmer'] },
  { id: 'blemishes', label: 'Blemishes', group: 'skin', initial: 0.3 },
  { id: 'wrinkles', label: 'Wrinkles', group: 'skin', initial: 0.2 },
  { id: 'smileLines', label: 'Smile lines', group: 'skin', initial: 0.2 },
  { id: 'underEye', label: 'Under-eye', group: 'skin', initial: 0.3 },
  { id: 'shine', label: 'Less shine', group: 'skin', initial: 0 },
  { id: 'sharpen', label: 'Sharpness', group: 'skin', initial: 0 },

  { id: 'thin', label: 'Face thinning', group: 'face', initial: 0.35 },
  { id: 'vShape', label: 'V shape', group: 'face', initial: 0 },
  { id: 'narrow', label: 'Narrower face', group: 'face', initial: 0 },
  { id: 'short', label: 'Shorter face', group: 'face', initial: 0 },
  { id: 'jaw', label: 'Slimmer jaw', group: 'face', initial: 0 },
  { id: 'cheekbones', label: 'Slimmer cheekbones', group: 'face', initial: 0 },
  { id: 'chin', label: 'Chin', group: 'face', initial: 0, ends: ['shorter', 'longer'] },
  { id: 'forehead', label: 'Forehead', group: 'face', initial: 0, ends: ['lower', 'higher'] },

  { id: 'eyes', label: 'Larger eyes', group: 'eyes', initial: 0.2 },
  { id: 'eyeBright', label: 'Bright eyes', group: 'eyes', initial: 0.2 },
  { id: 'eyeDistance', label: 'Eye distance', group: 'eyes', initial: 0, ends: ['closer', 'wider'] },
  { id: 'eyeCorners', label: 'Eye corners', group: 'eyes', initial: 0, ends: ['down', 'up'] },

  { id: 'noseSlim', label: 'Slimmer nose', group: 'nose', initial: 0 },
  { id: 'noseWings', label: 'Narrower wings', group: 'nose', initial: 0 },
  { id: 'noseLength', label: 'Nose length', group: 'nose', initial: 0, ends: ['shorter', 'longer'] },

  { id: 'mouthSize', label: 'Mouth size', group: 'mouth', initial: 0, ends: ['smaller', 'larger'] },
  { id: 'lips', label: 'Lips', group: 'mouth', initial: 0, ends: ['thinner', 'fuller'] },
  { id: 'smile', label: 'Smile', group: 'mouth', initial: 0 },
  { id: 'philtrum', label: 'Upper lip', group: 'mouth', initial: 0, ends: ['higher', 'lower'] },
  { id: 'teeth', label: 'White teeth', group: 'mouth', initial: 0.2 },

  { id: 'lipstick', label: 'Lipstick', group: 'makeup', initial: 0 },
  { id: 'blush', label: 'Blush', group: 'makeup', initial: 0 },
  { id: 'contour', label: 'Contour', group: 'makeup', initial: 0 },
  { id: 'brows', label: 'Brows', group: 'makeup', initial: 0 },
  { id: 'eyeShadow', label: 'Eye shadow', group: 'makeup', initial: 0 },
  { id: 'eyeLiner', label: 'Eye liner', group: 'makeup', initial: 0 },
  { id: 'lashes', label: 'Lashes', group: 'makeup', initial: 0 },
  { id: 'lenses', label: 'Lenses', group: 'makeup', initial: 0 },
] as const satisfies readonly BeautyControl[]
export type BeautyControlId = (typeof BEAUTY_CONTROLS)[number]['id']

export interface BeautyControl {
  id: string
  label: string
  group: BeautyGroup
  initial: number
  /** What a signed strength does below and above 0. */
  ends?: readonly [below: string, above: string]
}

/** Colours of the make-up that has one; `#rrggbb`. The first of each is what a new person has. */
export const MAKEUP_COLOURS = {
  lipstick: ['#b3273f', '#d4476b', '#8e1f3a', '#c65b4e', '#e0738a', '#a34a3f', '#6d1f33'],
  blush: ['#e2606f', '#ee8668', '#d8578a', '#c9664f'],
  brows: ['#3a2a22', '#1c1715', '#5a3f2d', '#7a5a3f'],
  eyeShadow: ['#8a5a4a', '#b0724f', '#6f4a7e', '#3f5d7d', '#c78a94', '#4b4b52'],
  lenses: ['#5a7fa8', '#6e8f5a', '#8a6a3f', '#7d7f86', '#7a5aa0', '#2f6f74'],
} as const satisfies Partial<Record<BeautyControlId, readonly [string, ...string[]]>>
export type ColouredMakeup = keyof typeof MAKEUP_COLOURS

const colour = z.string().regex(/^#[0-9a-f]{6}$/)
const colourShape = Object.fromEntries(
  Object.entries(MAKEUP_COLOURS).map(([id, [first]]) => [id, colour.default(first)]),
) as unknown as Record<ColouredMakeup, z.ZodDefault<z.ZodString>>

const strengthShape = Object.fromEntries(
  BEAUTY_CONTROLS.map((control: BeautyControl) => [
    control.id,
    z
      .number()
      .min(control.ends ? -1 : 0)
      .max(1)
      .default(0),
  ]),
) as Record<BeautyControlId, z.ZodDefault<z.ZodNumber>>

/** How strongly a face is retouched and made up; what an older file does not know is off. */
export const BeautySettings = z.object({
  enabled: z.boolean(),
  ...strengthShape,
  colours: z.object(colourShape).prefault({}),
})
export type BeautySettings = z.infer<typeof BeautySettings>

/** On, and everything at 0. */
export const PLAIN_BEAUTY: BeautySettings = BeautySettings.parse({ enabled: true })

/** What a new person sees. */
export const DEFAULT_BEAUTY: BeautySettings = {
  ...PLAIN_BEAUTY,
  ...Object.fromEntries(BEAUTY_CONTROLS.map(({ id, initial }) => [id, initial])),
}

/** Settings that a person has kept under a name. */
export const BeautyPreset = z.object({ name: z.string().trim().min(1).max(40), beauty: BeautySettings })
export type BeautyPreset = z.infer<typeof BeautyPreset>
