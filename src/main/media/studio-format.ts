/** The one picture format inside the engine; every source is converted to it. Sizes in pixels, even. */
export interface StudioFormat {
  width: number
  height: number
  fps: number
}

export const STUDIO_FORMAT: StudioFormat = { width: 1280, height: 720, fps: 30 }

/** Where a picture lies inside a frame, pixels. */
export interface Placement {
  x: number
  y: number
  width: number
  height: number
}

/**
 * The largest even-sized picture of the given aspect inside a frame, centred on even positions (chroma is shared by
 * 2x2 pixels); bars fill the rest. A very long picture keeps at least 2 pixels.
 */
export function fitInside(width: number, height: number, frame: { width: number; height: number }): Placement {
  const scale = Math.min(frame.width / width, frame.height / height)
  const even = (size: number, most: number): number => Math.min(most, Math.max(2, Math.round((size * scale) / 2) * 2))
  const fitted = { width: even(width, frame.width), height: even(height, frame.height) }
  const middle = (outer: number, inner: number): number => Math.floor((outer - inner) / 4) * 2
  return { ...fitted, x: middle(frame.width, fitted.width), y: middle(frame.height, fitted.height) }
}

/** Audio samples (per channel) that belong to the first `frames` frames. */
export function samplesOfFrames(frames: number, fps: number, rate: number): number {
  return Math.round((frames * rate) / fps)
}
