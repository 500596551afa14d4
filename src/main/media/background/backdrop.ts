import type { BackgroundMode } from '@shared/media/effect-settings'
import { i420Size, planesOf, type I420Frame, type RgbImage } from '../i420'
import { rgbToI420 } from '../rgb-i420'
import { coverFit } from './cover-fit'
import { paint } from './painted/paint'
import { aurora } from './painted/aurora'
import { paper } from './painted/paper'
import { studio } from './painted/studio'
import { sunset } from './painted/sunset'

/**
 * What is seen behind the person.
 * @param picture of the mode `picture`; without it a drawn one stands in, because the room must not be seen
 */
export function makeBackdrop(
  mode: BackgroundMode,
  colour: string,
  picture: RgbImage | null,
  width: number,
  height: number,
): I420Frame {
  switch (mode) {
    case 'colour':
      return plain(colour, width, height)
    case 'sunset':
      return paint(sunset, width, height)
    case 'aurora':
      return paint(aurora, width, height)
    case 'paper':
      return paint(paper, width, height)
    case 'picture':
      if (picture) return rgbToI420(coverFit(picture, width, height))
      return paint(studio, width, height)
    default:
      return paint(studio, width, height)
  }
}

/** One colour, `#rrggbb`. */
function plain(colour: string, width: number, height: number): I420Frame {
  const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  const one = planesOf(rgbToI420({ width: 1, height: 1, data: Uint8Array.from(rgb) }))
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const planes = planesOf(frame)
  planes.y.fill(one.y[0]!)
  planes.u.fill(one.u[0]!)
  planes.v.fill(one.v[0]!)
  return frame
}
