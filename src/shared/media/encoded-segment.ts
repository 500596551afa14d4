import type { Rendition } from '../live/rendition'
import type { SegmentBorders } from './access-unit'

/** The `ftyp` + `moov` that every segment of one encoding needs before it. */
export interface EncodedInit {
  bytes: Uint8Array
  /** For MediaSource, e.g. `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
  mimeType: string
  width: number
  height: number
  fps: number
  /** What viewers may be offered during this encoding, the source first; left out: this alone. */
  renditions?: Rendition[]
}

/** One closed group of pictures as fMP4 (`moof` + `mdat`, one or more pairs), starting with a key frame. */
export interface EncodedSegment {
  /** 0 for the first segment of this encoding. */
  index: number
  bytes: Uint8Array
  durationMs: number
  /** From the capture of its last frame to the closed segment. */
  delayMs: number
  /** Which access units it is made of; left out where they are not told one by one. */
  borders?: SegmentBorders
  /** The same slots and sound in other renditions, each with the init that it needs before it. */
  others?: { id: string; init: Uint8Array; bytes: Uint8Array }[]
}
