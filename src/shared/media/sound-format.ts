/** Samples a second of all sound in the product. */
export const AUDIO_RATE = 48_000
/** Interleaved. */
export const AUDIO_CHANNELS = 2
