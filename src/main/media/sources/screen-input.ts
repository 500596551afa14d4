import { StudioError } from '@shared/errors'
import type { ScreenRegion, SourceSpec } from '@shared/media/source-spec'
import { AT_THE_SAME_CLOCK, chooseMicrophone, findDevice, type DeviceAttempt } from '../camera-input'
import type { CaptureSource } from '../capture-source'
import { listDevices, type CaptureDevice, type DeviceList, type ScreenDevice } from '../device-list'
import { barsOf, boxOf, openDevice, type CaptureOptions } from '../ffmpeg-capture'
import { STUDIO_FORMAT } from '../studio-format'
import { clip } from './x11-desktop'

type ScreenSpec = Extract<SourceSpec, { kind: 'screen' | 'window' }>

/**
 * Opens a screen, a part of the desktop or a window (x11grab, avfoundation, gdigrab), with a microphone if there is
 * one. On X11 a window is the place that it has now: what covers it is seen, and it is not followed.
 * @throws StudioError `screen-missing`, `window-missing`, `screen-denied`, `screen-silent`, `screen-failed`
 */
export async function openScreen(spec: ScreenSpec, options: CaptureOptions): Promise<CaptureSource> {
  const format = options.format ?? STUDIO_FORMAT
  const platform = options.devices?.platform ?? process.platform
  const display = options.devices?.display ?? process.env['DISPLAY'] ?? ''
  const list = await listDevices({ ...options.devices, ffmpegPath: options.ffmpegPath })
  const target = spec.kind === 'window' ? chooseWindow(list, spec.device, platform) : chooseScreen(list, spec.device)
  const region = regionOf(spec, target)
  const microphone = chooseMicrophone(list, spec.microphone)
  const attempts = [...(microphone ? [microphone] : []), null].flatMap((sound) =>
    screenAttempts(platform, { target, region, display, sound, fps: format.fps }),
  )
  // A part of a Mac's screen is cut out here; the others take no more than they are asked for.
  const cut = platform === 'darwin' && region ? `crop=${region.width}:${region.height}:${region.x}:${region.y},` : ''
  return openDevice(attempts, options, {
    label: spec.kind === 'screen' && spec.region ? `Part of ${target.label}` : target.label,
    filter: `${cut}scale=${boxOf(format)}:flags=bilinear${barsOf(format)}`,
    failure: (why) => screenFailure(target.label, why),
  })
}

function chooseScreen({ screens }: DeviceList, wanted?: string): ScreenDevice {
  const found = wanted === undefined ? screens[0] : findDevice(screens, wanted)
  if (found) return found
  const names = screens.map(({ label }) => label).join(', ')
  throw new StudioError(
    'screen-missing',
    names
      ? `There is no screen "${wanted}". Choose one of these: ${names}.`
      : 'No screen can be captured here. Choose a camera, a video file or the demo presenter.',
  )
}

function chooseWindow({ windows }: DeviceList, wanted: string, platform: NodeJS.Platform): ScreenDevice {
  // Windows opens a window by its title and has no list to look it up in.
  if (platform === 'win32') return { id: wanted, label: wanted }
  const found = findDevice(windows, wanted)
  if (found) return found
  throw new StudioError('window-missing', `There is no window "${wanted}". Open it again, or choose another source.`)
}

function regionOf(spec: ScreenSpec, { region, label }: ScreenDevice): ScreenRegion | undefined {
  if (spec.kind !== 'screen' || !spec.region) return region
  const { x, y, width, height } = spec.region
  if (!region) return { x, y, width: width & ~1, height: height & ~1 }
  const part = clip({ ...spec.region, x: x + region.x, y: y + region.y }, region)
  if (part) return part
  throw new StudioError('screen-missing', `That part lies outside of ${label}. Choose another part of the screen.`)
}

interface ScreenInput {
  target: ScreenDevice
  region: ScreenRegion | undefined
  display: string
  sound: CaptureDevice | null
  fps: number
}

/** The ways to open a screen; the lines for macOS and Windows are from ffmpeg's documentation. */
export function screenAttempts(platform: NodeJS.Platform, input: ScreenInput): DeviceAttempt[] {
  const { target, region, display, sound } = input
  const rate = ['-framerate', String(input.fps)]
  if (platform === 'darwin') {
    const devices = ['-i', `${target.id}:${sound?.id ?? 'none'}`]
    const options = [...AT_THE_SAME_CLOCK, '-f', 'avfoundation', ...rate, '-capture_cursor', '1', ...devices]
    return [{ input: options, audioMap: sound ? '0:a:0' : null }]
  }
  const size = region ? ['-video_size', `${region.width}x${region.height}`] : []
  if (platform === 'win32') {
    const offset = region ? ['-offset_x', String(region.x), '-offset_y', String(region.y)] : []
    const what = target.id === 'desktop' ? 'desktop' : `title=${target.id}`
    const microphone = sound ? [...AT_THE_SAME_CLOCK, '-f', 'dshow', '-i', `audio=${sound.id}`] : []
    const picture = [...AT_THE_SAME_CLOCK, '-f', 'gdigrab', ...rate, ...offset, ...size, '-i', what]
    return [{ input: [...picture, ...microphone], audioMap: sound ? '1:a:0' : null }]
  }
  const microphone = sound ? [...AT_THE_SAME_CLOCK, '-f', 'alsa', '-i', sound.id] : []
  const place = `${display}+${region?.x ?? 0},${region?.y ?? 0}`
  const picture = [...AT_THE_SAME_CLOCK, '-f', 'x11grab', ...rate, ...size, '-i', place]
  return [{ input: [...picture, ...microphone], audioMap: sound ? '1:a:0' : null }]
}

function screenFailure(label: string, why: string): StudioError {
  if (why === 'timeout')
    return new StudioError(
      'screen-silent',
      `"${label}" sends no picture. Allow this app to record the screen in the system's privacy settings, and try again.`,
    )
  if (/permission|denied|not authorized/i.test(why))
    return new StudioError(
      'screen-denied',
      `The system does not let us capture "${label}". Allow screen recording in its privacy settings.`,
    )
  if (/can't find window/i.test(why))
    return new StudioError('window-missing', `There is no window "${label}". Open it again, or choose another source.`)
  const details = why ? ` (${why})` : ''
  return new StudioError(
    'screen-failed',
    `"${label}" could not be captured or was closed${details}. Choose it again or another source.`,
  )
}
