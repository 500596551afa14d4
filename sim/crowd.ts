/** Uplinks of live.md section 5: share of the viewers, bits a second. */
export const UPLINKS: readonly { share: number; bps: number }[] = [
  { share: 0.4, bps: 0 },
  { share: 0.3, bps: 1e6 },
  { share: 0.2, bps: 5e6 },
  { share: 0.1, bps: 20e6 },
]

/** Uplinks of viewers 1 to `viewers`, drawn from `UPLINKS` in exact shares and shuffled. */
export function crowd(viewers: number, random: () => number): Float64Array {
  const uplinks = new Float64Array(viewers + 1)
  let key = 1
  let share = 0
  for (const part of UPLINKS) {
    share += part.share
    while (key <= viewers && key <= Math.round(share * viewers)) uplinks[key++] = part.bps
  }
  for (let i = viewers; i > 1; i--) {
    const j = 1 + Math.floor(random() * i)
    const kept = uplinks[i]!
    uplinks[i] = uplinks[j]!
    uplinks[j] = kept
  }
  return uplinks
}

/** Most that everybody can get, bits a second: min(u_s, (u_s + sum u_i) / N) (Kumar, Liu, Ross). */
export function rateBound(sourceBps: number, uplinks: Float64Array): number {
  let sum = sourceBps
  for (const bps of uplinks) sum += bps
  return Math.min(sourceBps, sum / (uplinks.length - 1))
}
