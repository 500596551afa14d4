import type { CreatorGifts } from '@shared/gifts/gift-state'

/** How long one may be live, in a few words. */
export function minutesWords({
  minutes,
  carriedMs,
  leftMs,
  phase,
  graceLeftMs,
  isFree,
}: CreatorGifts['packets']): string {
  if (leftMs === null && isFree) return 'minutes are free'
  if (leftMs !== null && phase === 'grace') return `ends in ${clock(graceLeftMs)}`
  const left = leftMs === null ? minutes + Math.floor(carriedMs / 60_000) : Math.floor(leftMs / 60_000)
  if (leftMs !== null && left < 5) return `${clock(leftMs)} left`
  return left >= 120 ? `${Math.floor(left / 60)} h left` : `${left} min left`
}

/** What is left of minutes that were begun by a live before; null: nothing. */
export function carriedWords({ carriedMs }: Pick<CreatorGifts['packets'], 'carriedMs'>): string | null {
  if (carriedMs < 1_000) return null
  return `${clock(carriedMs)} min of those that your last live began are kept: your next live uses them first.`
}

function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
