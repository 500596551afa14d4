/** What the engine still does for a frame. */
export interface Effort {
  /** Run the face mesh; otherwise the last landmarks are used again. */
  track: boolean
  /** 'none': the picture passes unchanged. */
  beauty: 'full' | 'no-warp' | 'none'
}

/**
 * The overload ladder of media.md 5: the more frames wait behind this one, the less is done for it, so that every
 * captured slot yields one output frame and sound and picture stay together. Beyond it the ring is empty and the
 * source is stalled.
 */
export function effortFor(waiting: number): Effort {
  if (waiting >= 4) return { track: false, beauty: 'none' }
  if (waiting >= 3) return { track: false, beauty: 'no-warp' }
  if (waiting >= 2) return { track: false, beauty: 'full' }
  return { track: true, beauty: 'full' }
}
