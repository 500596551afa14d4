import { pictureCodec, soundCodec } from './codec-names'
import { AUDIO_CHANNELS, AUDIO_RATE } from './sound-format'
import { box, full, join, u16, u32, u64 } from './mp4-boxes'

/** Samples of one AAC frame. */
export const AAC_FRAME = 1024
/** Ticks of the picture track for one slot of the constant rate, as ffmpeg has them. */
export const SLOT_TICKS = 512

const PICTURE = 1
const SOUND = 2
/** ISO/IEC 14496-12, 8.8.3.1: needs no other sample; needs others and is no key frame. */
const KEY_FLAGS = 0x02000000
const DELTA_FLAGS = 0x01010000
const UNITY_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]

/** What the start of a fragmented MP4 is made of. Sizes in pixels. */
export interface StreamStart {
  width: number
  height: number
  fps: number
  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15. */
  avcC: Uint8Array
  /** AudioSpecificConfig, ISO/IEC 14496-3. */
  asc: Uint8Array
}

/** One group of pictures with its sound. */
export interface StreamPart {
  /** From 1, growing. */
  sequence: number
  /** Slot at which the first picture begins. */
  slot: number
  /** The first is a key frame; `slots`: how long each is shown. */
  pictures: readonly { data: Uint8Array; slots: number }[]
  /** Number of the first AAC frame, from 0. */
  soundFrame: number
  sound: readonly Uint8Array[]
}

/** `ftyp` + `moov` (ISO/IEC 14496-12) of an H.264 and an AAC track; the same bytes for the same input. */
export function streamStart(start: StreamStart): Uint8Array {
  return movieStart(
    { ...start, timescale: start.fps * SLOT_TICKS, sampleTicks: SLOT_TICKS },
    { asc: start.asc, rate: AUDIO_RATE, channels: AUDIO_CHANNELS },
  )
}

/** A picture track: size in pixels, ticks a second, and how long a picture usually is in ticks. */
export interface PictureTrack {
  width: number
  height: number
  avcC: Uint8Array
  timescale: number
  sampleTicks: number
}

/** A sound track: its ticks are samples, `rate` of them a second. */
export interface SoundTrack {
  asc: Uint8Array
  rate: number
  channels: number
}

/** As `streamStart`, for tracks of any rate; one of them may be missing. */
export function movieStart(picture: PictureTrack | null, sound: SoundTrack | null): Uint8Array {
  const ftyp = box('ftyp', ascii('isom'), u32(512), ascii('isomiso2avc1iso6mp41'))
  const mvhd = full(
    'mvhd',
    0,
    0,
    u32(0, 0, 1000, 0, 0x10000),
    u16(0x100, 0),
    u32(0, 0, ...UNITY_MATRIX, 0, 0, 0, 0, 0, 0, 3),
  )
  const traks: Uint8Array[] = []
  const trexs: Uint8Array[] = []
  if (picture) {
    const { width, height, timescale, sampleTicks } = picture
    traks.push(trak(PICTURE, width, height, timescale, 'vide', full('vmhd', 0, 1, u32(0, 0)), avc1(picture)))
    trexs.push(full('trex', 0, 0, u32(PICTURE, 1, sampleTicks, 0, DELTA_FLAGS)))
  }
  if (sound) {
    traks.push(trak(SOUND, 0, 0, sound.rate, 'soun', full('smhd', 0, 0, u32(0)), mp4a(sound)))
    trexs.push(full('trex', 0, 0, u32(SOUND, 1, AAC_FRAME, 0, KEY_FLAGS)))
  }
  return join([ftyp, box('moov', mvhd, ...traks, box('mvex', ...trexs))])
}

/** One sample of `moviePart`, in the ticks of its track. */
export interface PictureSample {
  data: Uint8Array
  key: boolean
  ticks: number
  /** Presentation minus decoding time, in ticks. */
  offset: number
}

/** As `streamPart`, with pictures of any length and order: `pictures` and `sound` begin at `at` ticks of their tracks. */
export function moviePart(
  sequence: number,
  pictures: { at: number; samples: readonly PictureSample[] },
  sound: { at: number; frames: readonly Uint8Array[] },
): Uint8Array {
  const reordered = pictures.samples.some(({ offset }) => offset !== 0)
  const rows = pictures.samples.flatMap(({ data, key, ticks, offset }) => {
    const row = [ticks, data.length, key ? KEY_FLAGS : DELTA_FLAGS]
    return reordered ? [...row, offset >>> 0] : row
  })
  const pictureBytes = pictures.samples.reduce((sum, { data }) => sum + data.length, 0)
  const moof = (start: number): Uint8Array => {
    const trafs: Uint8Array[] = []
    if (pictures.samples.length > 0) {
      // Data offset, then length, size, flags and (signed, so version 1) composition offset of each.
      const run = full('trun', 1, reordered ? 0xf01 : 0x701, u32(pictures.samples.length, start, ...rows))
      trafs.push(traf(PICTURE, pictures.at, run))
    }
    if (sound.frames.length > 0) {
      const sizes = sound.frames.map(({ length }) => length)
      trafs.push(traf(SOUND, sound.at, full('trun', 0, 0x201, u32(sizes.length, start + pictureBytes, ...sizes))))
    }
    return box('moof', full('mfhd', 0, 0, u32(sequence)), ...trafs)
  }
  return join([moof(moof(0).length + 8), box('mdat', ...pictures.samples.map(({ data }) => data), ...sound.frames)])
}

/** RFC 6381, e.g. `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
export function streamMimeType({ avcC, asc }: Pick<StreamStart, 'avcC' | 'asc'>): string {
  return `video/mp4; codecs="${pictureCodec(avcC)},${soundCodec(asc)}"`
}

/** `moof` + `mdat`. */
export function streamPart(part: StreamPart): Uint8Array {
  const { pictures, sound } = part
  const data = [...pictures.map((picture) => picture.data), ...sound]
  const pictureBytes = pictures.reduce((sum, picture) => sum + picture.data.length, 0)
  const moof = (start: number): Uint8Array =>
    box(
      'moof',
      full('mfhd', 0, 0, u32(part.sequence)),
      traf(
        PICTURE,
        part.slot * SLOT_TICKS,
        // Data offset, flags of the first sample, then length and size of each.
        full('trun', 0, 0x305, u32(pictures.length, start, KEY_FLAGS, ...pictures.flatMap(timed))),
      ),
      ...(sound.length === 0
        ? []
        : [
            traf(
              SOUND,
              part.soundFrame * AAC_FRAME,
              full('trun', 0, 0x201, u32(sound.length, start + pictureBytes, ...sound.map((frame) => frame.length))),
            ),
          ]),
    )
  // Offsets count from the first byte of moof, whose length does not depend on them.
  return join([moof(moof(0).length + 8), box('mdat', ...data)])
}

function timed({ data, slots }: { data: Uint8Array; slots: number }): [number, number] {
  return [slots * SLOT_TICKS, data.length]
}

function traf(track: number, start: number, trun: Uint8Array): Uint8Array {
  // default-base-is-moof
  return box('traf', full('tfhd', 0, 0x20000, u32(track)), full('tfdt', 1, 0, u64(start)), trun)
}

function trak(
  id: number,
  width: number,
  height: number,
  timescale: number,
  handler: 'vide' | 'soun',
  header: Uint8Array,
  entry: Uint8Array,
): Uint8Array {
  const isSound = handler === 'soun'
  const volume = u16(0, isSound ? 1 : 0, isSound ? 0x100 : 0, 0)
  const tkhd = full('tkhd', 0, 3, u32(0, 0, id, 0, 0, 0, 0), volume, u32(...UNITY_MATRIX, width << 16, height << 16))
  // 0x55c4: language "und"
  const mdhd = full('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(0x55c4, 0))
  const hdlr = full('hdlr', 0, 0, u32(0), ascii(handler), u32(0, 0, 0), ascii(isSound ? 'Sound\0' : 'Picture\0'))
  const dinf = box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1)))
  const empty = ['stts', 'stsc', 'stco'].map((type) => full(type, 0, 0, u32(0)))
  const stbl = box('stbl', full('stsd', 0, 0, u32(1), entry), ...empty, full('stsz', 0, 0, u32(0, 0)))
  return box('trak', tkhd, box('mdia', mdhd, hdlr, box('minf', header, dinf, stbl)))
}

function avc1({ width, height, avcC }: Pick<PictureTrack, 'width' | 'height' | 'avcC'>): Uint8Array {
  return box(
    'avc1',
    ...[u32(0), u16(0, 1), u32(0, 0, 0, 0), u16(width, height), u32(0x480000, 0x480000, 0), u16(1)],
    ...[new Uint8Array(32), u16(24, 0xffff), box('avcC', avcC), box('pasp', u32(1, 1))],
  )
}

function mp4a({ asc, rate, channels }: SoundTrack): Uint8Array {
  const specific = descriptor(5, asc)
  // 0x40 MPEG-4 audio, 0x15 audio stream; buffer size and rates are not stated.
  const decoder = descriptor(4, Uint8Array.of(0x40, 0x15), new Uint8Array(11), specific)
  const es = descriptor(3, u16(SOUND), Uint8Array.of(0), decoder, descriptor(6, Uint8Array.of(2)))
  return box(
    'mp4a',
    ...[u32(0), u16(0, 1), u32(0, 0), u16(channels, 16, 0, 0), u32((rate * 0x10000) >>> 0)],
    full('esds', 0, 0, es),
  )
}

/** ISO/IEC 14496-1, 8.3.3; ours are shorter than 128 bytes. */
function descriptor(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const body = join(parts)
  return join([Uint8Array.of(tag, body.length), body])
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
