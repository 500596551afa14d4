/** Speeds of a finished video; the pitch of its sound stays (HTMLMediaElement.preservesPitch). */
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const

/** The next speed above or below. */
export function stepSpeed(rate: number, step: 1 | -1): number {
  const next = step > 0 ? SPEEDS.find((speed) => speed > rate) : SPEEDS.findLast((speed) => speed < rate)
  return next ?? rate
}
