import type { AlertMotion } from '@shared/media/gift-alert'

/** A picture at one moment: its middle as shares of the place, its side as a share of the place's shorter one. */
export interface Pose {
  x: number
  y: number
  size: number
  /** 0 to 1. */
  opacity: number
}

/** Copies that fly off a gift which pops up. */
export const BITS = 7
const FADE_FROM = 0.8
/** Beside the middle, where the face of most shows is. */
const POP = { x: 0.78, y: 0.5 } as const

/** Where a gift is at `t`, 0 to 1 of its show. */
export function poseAt(motion: AlertMotion, t: number): Pose {
  switch (motion) {
    case 'pop':
      return { x: POP.x, y: POP.y - 0.06 * t, size: 0.38 * spring(t / 0.2), opacity: fade(t) }
    case 'cross':
      return { x: 0.5 + 0.85 * linger(t), y: 0.56, size: 0.56, opacity: 1 }
    case 'climb':
      return { x: 0.5 + 0.8 * linger(t), y: 0.45 - 0.7 * linger(t), size: 0.5, opacity: 1 }
    case 'rise':
      return { x: 0.5, y: 0.46 + 0.9 * (1 - easeOut(t / 0.3)), size: 0.74, opacity: fade(t) }
  }
}

/** Where the copy number `bit` of a popping gift is: outwards, and down by its weight. */
export function bitPoseAt(bit: number, t: number): Pose {
  const angle = Math.PI * (1.05 + (0.9 * bit) / (BITS - 1))
  const way = easeOut(t / 0.7) * (0.26 + 0.08 * (bit % 3))
  return {
    x: POP.x + way * Math.cos(angle) * 0.7,
    y: POP.y + way * Math.sin(angle) + 0.22 * t * t,
    size: 0.1 + 0.03 * (bit % 2),
    opacity: 0.9 * fade(t),
  }
}

/** From -1 to 1, slow in the middle, where it is looked at. */
function linger(t: number): number {
  const s = 2 * t - 1
  return 0.3 * s + 0.7 * s ** 3
}

/** Grows over its size once and settles. */
function spring(t: number): number {
  return t >= 1 ? 1 : 1 - (1 - t) ** 3 * Math.cos(5 * t)
}

function easeOut(t: number): number {
  return t >= 1 ? 1 : 1 - (1 - t) ** 3
}

function fade(t: number): number {
  return t <= FADE_FROM ? 1 : Math.max(0, (1 - t) / (1 - FADE_FROM))
}
