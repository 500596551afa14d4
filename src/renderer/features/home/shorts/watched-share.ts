/** How much of a video was played, 0 to 1; what was played twice counts once. */
export function watchedShare({ played, duration }: Pick<HTMLVideoElement, 'played' | 'duration'>): number {
  if (!Number.isFinite(duration) || duration <= 0) return 0
  let seconds = 0
  for (let at = 0; at < played.length; at++) seconds += played.end(at) - played.start(at)
  return Math.min(1, seconds / duration)
}
