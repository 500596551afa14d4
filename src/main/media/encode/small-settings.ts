import { SMALL, SOURCE, type Rendition } from '@shared/live/rendition'
import type { StudioFormat } from '../studio-format'
import { h264Level } from '../video-output'
import type { PictureSettings } from './picture-settings'

const HEIGHT = 360
const KBPS = 700
/** The source must be so many times as high and as heavy, or a second rendition is not worth its work. */
const WORTH = 4 / 3

/** How the small rendition of a format is encoded; null: the format is small already. */
export function smallSettings({ width, height }: StudioFormat): PictureSettings | null {
  if (height < HEIGHT * WORTH) return null
  const small = Math.max(2, Math.round((width * HEIGHT) / height / 2) * 2)
  return { encoder: 'libx264', preset: 'superfast', kbps: KBPS, width: small, height: HEIGHT, sparse: false }
}

/** Whether viewers gain something by it while the source is encoded like this. */
export function isWorthIt(source: PictureSettings): boolean {
  return source.height >= HEIGHT * WORTH && source.kbps >= KBPS * WORTH
}

/** What a show can be had in: the source, and the small one where the format has one. `codecs`: of the source. */
export function possibleRenditions(format: StudioFormat, source: PictureSettings, codecs: string): Rendition[] {
  const { width, height, kbps } = source
  const all = [{ id: SOURCE, width, height, kbps, codecs }]
  const small = smallSettings(format)
  if (!small) return all
  const level = Number(h264Level({ ...small, fps: format.fps })) * 10
  // High (ITU-T H.264, A.2.4), no constraint flags, the level in tenths: RFC 6381, 3.3.
  const picture = `avc1.6400${Math.round(level).toString(16).padStart(2, '0')}`
  const sound = codecs.split(',')[1] ?? 'mp4a.40.2'
  return [
    ...all,
    { id: SMALL, ...{ width: small.width, height: small.height, kbps: KBPS }, codecs: `${picture},${sound}` },
  ]
}
