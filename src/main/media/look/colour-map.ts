/**
 * Turns one colour into another, in place: `colour` is red, green, blue as shown on a screen (gamma-coded, BT.709/601
 * primaries), 0 to 1. What it leaves outside of 0 to 1 is cut by its user.
 */
export type ColourMap = (colour: Float64Array) => void

/** 0 to 1; what is no number becomes 0. */
export function unit(value: number): number {
  return value > 0 ? (value < 1 ? value : 1) : 0
}
