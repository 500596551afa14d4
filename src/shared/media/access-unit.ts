/**
 * What a decoder must be told before the first access unit, and again whenever it changes. The same facts as in the
 * `moov` of the segments of this encoding (`streamStart`), so that a viewer can make the very same segments.
 */
export interface AccessConfig {
  /** Counts up within a show: units name the configuration they belong to. */
  id: number
  /** Pixels. */
  width: number
  height: number
  /** Slots a second; a picture's time is its slot. */
  fps: number
  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15. */
  avcC: Uint8Array
  /** AudioSpecificConfig, ISO/IEC 14496-3. */
  asc: Uint8Array
}

/** One encoded picture or one frame of sound, as soon as the encoder has let go of it. */
export type AccessUnit =
  | {
      track: 'picture'
      configId: number
      /** Slot at which it begins to be shown; a lost slot is a jump. */
      slot: number
      /** Needs no other picture; opens a closed group (and a segment). */
      key: boolean
      /** H.264, each NAL unit behind its length (u32), as in the segments. */
      data: Uint8Array
      /** Unix milliseconds: when the picture was captured. */
      capturedAt: number
    }
  | {
      track: 'sound'
      configId: number
      /** Number of the AAC frame since the start of the encoding; it lasts 1024 samples of 48,000 a second. */
      frame: number
      /** One raw AAC frame, without ADTS. */
      data: Uint8Array
    }

/** Where a segment of the same encoding ends: what `streamPart` needs to make its very bytes out of the units. */
export interface SegmentBorders {
  configId: number
  /** Number of the fragment, from 1. */
  sequence: number
  /** First slot and the slot behind the last. */
  slot: number
  endSlot: number
  /** First frame of sound and the frame behind the last. */
  soundFrame: number
  endSoundFrame: number
}
