import { StudioError } from '@shared/errors'
import type { CaptureDevice, DeviceList } from './device-list'
import type { StudioFormat } from './studio-format'

/** One way to open a device: input options of ffmpeg and which stream is the sound, if any. */
export interface DeviceAttempt {
  input: string[]
  audioMap: string | null
}

export const AT_THE_SAME_CLOCK = ['-use_wallclock_as_timestamps', '1', '-thread_queue_size', '512']

/**
 * The camera that is meant: by id or by (part of) its name, without a name the first.
 * @throws StudioError `camera-missing`
 */
export function chooseCamera({ cameras }: DeviceList, wanted?: string): CaptureDevice {
  const found = wanted === undefined ? cameras[0] : findDevice(cameras, wanted)
  if (found) return found
  const names = cameras.map((camera) => camera.label).join(', ')
  if (wanted !== undefined && names)
    throw new StudioError('camera-missing', `There is no camera "${wanted}". Choose one of these: ${names}.`)
  const missing = wanted === undefined ? 'No camera was found.' : `There is no camera "${wanted}", nor any other.`
  throw new StudioError('camera-missing', `${missing} Plug one in, or choose a video file or the demo presenter.`)
}

/** The microphone that is meant, or the first; null when there is none: a picture without sound is better than none. */
export function chooseMicrophone({ microphones }: DeviceList, wanted?: string): CaptureDevice | null {
  if (wanted === 'none') return null
  return (wanted === undefined ? undefined : findDevice(microphones, wanted)) ?? microphones[0] ?? null
}

/** By id, or else by (part of) its name. */
export function findDevice<D extends CaptureDevice>(devices: D[], wanted: string): D | undefined {
  const low = wanted.toLowerCase()
  return (
    devices.find((device) => device.id === wanted) ??
    devices.find((device) => device.label.toLowerCase() === low) ??
    devices.find((device) => device.label.toLowerCase().includes(low))
  )
}

/** The ways to open a camera, best first (media.md 6; the device lines are from ffmpeg's documentation). */
export function cameraAttempts(
  platform: NodeJS.Platform,
  camera: CaptureDevice,
  microphone: CaptureDevice | null,
  format: StudioFormat,
): DeviceAttempt[] {
  const size = ['-video_size', `${format.width}x${format.height}`, '-framerate', String(format.fps)]
  const sounds = microphone ? [microphone, null] : [null]
  return sounds.flatMap((sound) => {
    if (platform === 'darwin') return avfoundation(camera, sound, format, size)
    if (platform === 'win32') return dshow(camera, sound, size)
    return v4l2(camera, sound, size)
  })
}

function v4l2(camera: CaptureDevice, sound: CaptureDevice | null, size: string[]): DeviceAttempt[] {
  const microphone = sound ? [...AT_THE_SAME_CLOCK, '-f', 'alsa', '-i', sound.id] : []
  return [['-input_format', 'mjpeg', ...size], size, []].map((options) => ({
    input: [...AT_THE_SAME_CLOCK, '-f', 'v4l2', ...options, '-i', camera.id, ...microphone],
    audioMap: sound ? '1:a:0' : null,
  }))
}

function avfoundation(
  camera: CaptureDevice,
  sound: CaptureDevice | null,
  format: StudioFormat,
  size: string[],
): DeviceAttempt[] {
  // Many Mac cameras offer one size only; without it avfoundation takes the best it has.
  const rate = ['-framerate', String(format.fps)]
  return [[...size, '-pixel_format', 'nv12'], [...size, '-pixel_format', 'uyvy422'], rate].map((options) => ({
    input: [...AT_THE_SAME_CLOCK, '-f', 'avfoundation', ...options, '-i', `${camera.id}:${sound?.id ?? 'none'}`],
    audioMap: sound ? '0:a:0' : null,
  }))
}

function dshow(camera: CaptureDevice, sound: CaptureDevice | null, size: string[]): DeviceAttempt[] {
  const device = `video=${camera.id}${sound ? `:audio=${sound.id}` : ''}`
  return [['-vcodec', 'mjpeg', ...size], size, []].map((options) => ({
    input: [...AT_THE_SAME_CLOCK, '-rtbufsize', '128M', '-f', 'dshow', ...options, '-i', device],
    audioMap: sound ? '0:a:0' : null,
  }))
}

/** A sentence for how a camera failed, from ffmpeg's last words; `timeout` stands for no words and no picture. */
export function cameraFailure(label: string, why: string): StudioError {
  if (why === 'timeout')
    return new StudioError(
      'camera-silent',
      `The camera "${label}" sends no picture. Unplug it and plug it in again, and allow this app to use the camera.`,
    )
  if (/busy|in use/i.test(why))
    return new StudioError('camera-busy', `The camera "${label}" is used by another program. Close that program first.`)
  if (/permission|denied|not authorized/i.test(why))
    return new StudioError(
      'camera-denied',
      `The system does not let us use the camera "${label}". Allow it in the system's privacy settings.`,
    )
  const details = why ? ` (${why})` : ''
  return new StudioError(
    'camera-failed',
    `The camera "${label}" could not be opened or stopped working${details}. Plug it in again or choose another source.`,
  )
}
