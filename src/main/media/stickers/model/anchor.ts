/**
 * Which points of the face a part follows beyond the rigid head: people's noses and eyes do not lie where those of the
 * canonical head do. `none` follows the skull alone.
 */
export const ANCHORS = {
  none: [],
  eyes: [168],
  nose: [4],
  lip: [164],
  forehead: [10],
} as const satisfies Record<string, readonly number[]>
export type Anchor = keyof typeof ANCHORS
