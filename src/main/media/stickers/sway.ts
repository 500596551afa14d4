import type { Part, Shape, Sway } from './model/shape'

/** A twitch takes this share of the period. */
const TWITCH = 0.16

/**
 * The positions of a part at a time: it breathes a little all the time and twitches once in each period.
 * @param out gets the part's vertices, at their places
 */
export function swayed(shape: Shape, part: Part, sway: Sway, timeMs: number, out: Float32Array): Float32Array {
  const turn = swayAngle(sway, timeMs)
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const [px, py] = sway.pivot
  const { positions } = shape
  for (let i = part.firstVertex * 3; i < part.endVertex * 3; i += 3) {
    const x = positions[i]! - px
    const y = positions[i + 1]! - py
    out[i] = px + x * cos - y * sin
    out[i + 1] = py + x * sin + y * cos
    out[i + 2] = positions[i + 2]!
  }
  return out
}

/** Radians, counter-clockwise as seen. A pure function of time. */
export function swayAngle({ angle, periodMs, phase }: Sway, timeMs: number): number {
  const cycle = timeMs / periodMs + phase
  const within = cycle - Math.floor(cycle)
  const breath = 0.18 * Math.sin(2 * Math.PI * cycle)
  const t = within / TWITCH
  const twitch = t < 1 ? Math.sin(Math.PI * t) * Math.sin(3 * Math.PI * t) : 0
  return angle * (breath + twitch)
}
