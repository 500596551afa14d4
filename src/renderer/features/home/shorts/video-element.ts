/** Sets how loud it is, 0 to 1. */
export function setSound(video: HTMLVideoElement, volume: number, muted: boolean): void {
  video.volume = volume
  video.muted = muted
}

/** Goes to a place, seconds. */
export function seekTo(video: HTMLVideoElement, position: number): void {
  video.currentTime = Math.max(0, position)
}
