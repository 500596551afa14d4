import type { StudioFormat } from '../studio-format'
import { h264Level } from '../video-output'

/** An H.264 encoder of ffmpeg. */
export type EncoderName =
  'libx264' | 'h264_nvenc' | 'h264_qsv' | 'h264_amf' | 'h264_videotoolbox' | 'h264_vaapi' | 'h264_v4l2m2m'

/** How pictures are encoded from some group on. */
export interface PictureSettings {
  encoder: EncoderName
  /** Never `ultrafast`: the bundled build is slower with it (media.md 4.1). Of x264 alone. */
  preset: 'superfast' | 'veryfast'
  kbps: number
  /** Size of the encoded picture, pixels, even. */
  width: number
  height: number
  /** Every fifth slot has no picture of its own: the one before is shown for two. 24 of 30 pictures a second. */
  sparse: boolean
}

/** Whether a slot of a group gets a picture. */
export function hasPicture(slotInGroup: number, sparse: boolean): boolean {
  return !sparse || slotInGroup % 5 !== 4
}

/** How many pictures a group of so many slots has. */
export function picturesOf(slots: number, sparse: boolean): number {
  return sparse ? slots - Math.floor(slots / 5) : slots
}

/** ffmpeg's arguments that read I420 of `format` on stdin and write H.264 in FLV on stdout. */
export function pictureArgs(format: StudioFormat, settings: PictureSettings, groupSlots: number): string[] {
  const { width, height, fps } = format
  return [
    ...['-v', 'error', '-nostdin'],
    ...beforeInput(settings.encoder),
    // Few frames in the program itself: what waits there is delay that nobody sees, 64 of them were two seconds.
    ...['-thread_queue_size', '4', '-probesize', '32', '-analyzeduration', '0'],
    // The same rate for sparse pictures, too: it is written into the stream's head, which shall stay as it is.
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0'],
    ...encodeArgs(format, settings, groupSlots),
    ...['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'],
  ]
}

/** The output options of an encoder, its filters included. */
export function encodeArgs(format: StudioFormat, settings: PictureSettings, groupSlots: number): string[] {
  const { encoder, width, height, sparse } = settings
  const group = picturesOf(groupSlots, sparse)
  // The encoder believes in the full rate: as many bits a second as asked for are more bits a picture.
  const rate = `${Math.round((settings.kbps * groupSlots) / group)}k`
  const scale = width === format.width && height === format.height ? [] : [`scale=${width}:${height}:flags=bilinear`]
  const filters = encoder === 'h264_vaapi' ? [...scale, 'format=nv12', 'hwupload'] : scale
  return [
    ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]),
    // v4l2m2m knows no names of profiles.
    ...['-c:v', encoder, ...ownArgs(settings), '-profile:v', encoder === 'h264_v4l2m2m' ? '100' : 'high', '-bf', '0'],
    // Stated, because x264 would derive it from the bitrate, and the stream's head would change with that.
    ...(encoder === 'libx264' ? ['-level:v', h264Level({ width, height, fps: format.fps })] : []),
    ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-g', String(group)],
    // Said, because players guess BT.709 for HD; primaries and transfer of cameras are those of sRGB.
    ...['-colorspace', 'smpte170m', '-color_range', 'tv', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
  ]
}

/** Arguments that an encoder needs before its input. */
export function beforeInput(encoder: EncoderName): string[] {
  return encoder === 'h264_vaapi' ? ['-vaapi_device', '/dev/dri/renderD128'] : []
}

/** Each encoder's own words for: at once, in real time, key frames only where asked. (docs; ffmpeg -h encoder=NAME) */
function ownArgs({ encoder, preset }: PictureSettings): string[] {
  switch (encoder) {
    case 'libx264':
      return [
        ...['-preset', preset, '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-threads', '2', '-sc_threshold', '0'],
      ]
    case 'h264_nvenc':
      return [
        '-preset',
        'llhq',
        '-rc',
        'cbr',
        '-zerolatency',
        '1',
        '-delay',
        '0',
        '-no-scenecut',
        '1',
        '-forced-idr',
        '1',
      ]
    case 'h264_qsv':
      return ['-preset', 'veryfast', '-async_depth', '1', '-look_ahead', '0', '-pix_fmt', 'nv12']
    case 'h264_amf':
      return ['-usage', 'ultralowlatency', '-rc', 'cbr', '-quality', 'speed']
    case 'h264_videotoolbox':
      return ['-realtime', '1', '-allow_sw', '0']
    case 'h264_vaapi':
    case 'h264_v4l2m2m':
      return []
  }
}
