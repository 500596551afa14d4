import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScreenRegion } from '@shared/media/source-spec'
import { runFfmpeg } from './ffmpeg-process'
import { readDesktop } from './sources/x11-desktop'

export interface CaptureDevice {
  /** What ffmpeg opens: `/dev/video0` (v4l2), `0` (avfoundation index), a name or alternative name (dshow). */
  id: string
  /** What the person reads. */
  label: string
}

/** A screen or a window. */
export interface ScreenDevice extends CaptureDevice {
  /** Where it lies on the desktop, where ffmpeg must be told (X11). */
  region?: ScreenRegion
}

export interface DeviceList {
  cameras: CaptureDevice[]
  /** The system's default first, where it has one. */
  microphones: CaptureDevice[]
  screens: ScreenDevice[]
  /** Only where the system can be asked without a window of ours (X11). */
  windows: ScreenDevice[]
}

export interface DeviceListOptions {
  ffmpegPath: string
  platform?: NodeJS.Platform
  /** Root of the system's own files, for tests; `/`. */
  root?: string
  /** The X display whose screens and windows are meant, on Linux; `DISPLAY`. */
  display?: string
}

/** Everything that can be captured on this computer; empty lists when there is nothing. Never throws: a list can wait. */
export async function listDevices(options: DeviceListOptions): Promise<DeviceList> {
  try {
    return withOwnNames(await listSystem(options))
  } catch {
    // An unreadable system folder or a missing ffmpeg shows when a device is opened, with a sentence.
    return noDevices()
  }
}

function listSystem({ ffmpegPath, platform = process.platform, ...options }: DeviceListOptions): Promise<DeviceList> {
  const ask = (...args: string[]): Promise<string> => listing(ffmpegPath, args)
  if (platform === 'linux') return listLinux(options)
  if (platform === 'darwin') return ask('-f', 'avfoundation', '-list_devices', 'true', '-i', '').then(parseAvfoundation)
  if (platform === 'win32') return ask('-f', 'dshow', '-list_devices', 'true', '-i', 'dummy').then(parseDshow)
  return Promise.resolve(noDevices())
}

function noDevices(): DeviceList {
  return { cameras: [], microphones: [], screens: [], windows: [] }
}

/** Two devices of one name are told apart by a number, or nobody could choose the second. */
function withOwnNames(list: DeviceList): DeviceList {
  const numbered = <D extends CaptureDevice>(devices: D[]): D[] =>
    devices.map((device, index) => {
      const before = devices.slice(0, index).filter(({ label }) => label === device.label).length
      return before === 0 ? device : { ...device, label: `${device.label} (${before + 1})` }
    })
  return {
    cameras: numbered(list.cameras),
    microphones: numbered(list.microphones),
    screens: numbered(list.screens),
    windows: numbered(list.windows),
  }
}

/** The listing comes on stderr and the exit code is not 0, so only the text counts. */
async function listing(ffmpegPath: string, args: string[]): Promise<string> {
  const run = await runFfmpeg(ffmpegPath, ['-hide_banner', '-nostdin', ...args], { timeoutMs: 8000 })
  return run.stderr
}

/**
 * Linux, from sysfs and procfs. A camera often has several nodes (picture, metadata): `index` 0 is the picture
 * (kernel documentation, ABI/stable/sysfs-class-video4linux... `index` counts the nodes of one device).
 */
async function listLinux({
  root = '/',
  display = process.env['DISPLAY'],
}: {
  root?: string
  display?: string
}): Promise<DeviceList> {
  const folder = join(root, 'sys/class/video4linux')
  const cameras: CaptureDevice[] = []
  const nodes = (await readdir(folder).catch(() => [])).filter((name) => /^video\d+$/.test(name))
  nodes.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
  for (const node of nodes) {
    if ((await line(join(folder, node, 'index'), '0')) !== '0') continue
    cameras.push({ id: `/dev/${node}`, label: await line(join(folder, node, 'name'), node) })
  }
  return { cameras, microphones: await listAlsa(root), ...(await listX11(display)) }
}

/** The monitors, and all of them as one where there are several. */
async function listX11(display: string | undefined): Promise<Pick<DeviceList, 'screens' | 'windows'>> {
  const desktop = display ? await readDesktop(display).catch(() => null) : null
  if (!desktop) return { screens: [], windows: [] }
  const { width, height, monitors, windows } = desktop
  const sized = (name: string, region: ScreenRegion): string => `${name} (${region.width}x${region.height})`
  const all = { id: 'all', label: 'All screens', region: { x: 0, y: 0, width, height } }
  if (monitors.length < 2) {
    const one = monitors[0] ?? all
    return { screens: [{ ...one, label: sized('Screen', one.region) }], windows }
  }
  const named = monitors.map(({ id, region }) => ({ id, label: sized(`Screen ${id}`, region), region }))
  return { screens: [...named, all], windows }
}

const DEFAULT_MICROPHONE: CaptureDevice = { id: 'default', label: 'Default microphone' }

/** `/proc/asound/pcm`: `01-00: USB Audio : USB Audio : capture 1`; cards by name in `/proc/asound/cards`. */
async function listAlsa(root: string): Promise<CaptureDevice[]> {
  const pcm = await readFile(join(root, 'proc/asound/pcm'), 'utf8').catch(() => '')
  const cards = await readFile(join(root, 'proc/asound/cards'), 'utf8').catch(() => '')
  const microphones: CaptureDevice[] = []
  for (const entry of pcm.split('\n')) {
    const match = /^(\d+)-(\d+): ([^:]*).*capture \d+/.exec(entry)
    if (!match) continue
    const card = Number(match[1])
    const name = new RegExp(`^\\s*${card} \\[.*?\\]: .*? - (.+)$`, 'm').exec(cards)?.[1] ?? match[3]!
    microphones.push({ id: `plughw:${card},${Number(match[2])}`, label: name.trim() })
  }
  if (microphones.length > 0) microphones.unshift(DEFAULT_MICROPHONE)
  return microphones
}

async function line(path: string, otherwise: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.trim() || otherwise
}

/**
 * Parses `-f avfoundation -list_devices true` (libavdevice/avfoundation.m): "Capture screen N" stands among the
 * cameras; `default` is its word for the system's microphone.
 */
export function parseAvfoundation(stderr: string): DeviceList {
  const list = noDevices()
  let group: CaptureDevice[] | null = null
  for (const entry of stderr.split('\n')) {
    if (/AVFoundation video devices:/.test(entry)) group = list.cameras
    else if (/AVFoundation audio devices:/.test(entry)) group = list.microphones
    const device = /\] \[(\d+)\] (.+?)\s*$/.exec(entry)
    if (!device || !group) continue
    const screen = group === list.cameras ? /^Capture screen (\d+)$/.exec(device[2]!) : null
    if (screen) list.screens.push({ id: device[1]!, label: `Screen ${Number(screen[1]) + 1}` })
    else group.push({ id: device[1]!, label: device[2]! })
  }
  if (list.microphones.length > 0) list.microphones.unshift(DEFAULT_MICROPHONE)
  return list
}

/**
 * Parses `-f dshow -list_devices true`, both forms: groups headed "DirectShow video devices" (up to ffmpeg 4) and
 * one list with "(video)" behind each name (5 and later). Names may repeat, so the alternative name is the id.
 */
export function parseDshow(stderr: string): DeviceList {
  // The desktop needs no device of its own: gdigrab takes it whole.
  const list = { ...noDevices(), screens: [{ id: 'desktop', label: 'All screens' }] }
  let group: CaptureDevice[] | null = null
  let last: CaptureDevice | null = null
  for (const entry of stderr.split('\n')) {
    if (/DirectShow video devices/.test(entry)) group = list.cameras
    else if (/DirectShow audio devices/.test(entry)) group = list.microphones
    const alternative = /Alternative name "(.+)"/.exec(entry)
    if (alternative) {
      if (last) last.id = alternative[1]!
      last = null
      continue
    }
    const device = /\]\s+"(.+)"(?: \((video|audio|none)\b.*\))?\s*$/.exec(entry)
    if (!device) continue
    const target = device[2] === 'video' ? list.cameras : device[2] === 'audio' ? list.microphones : group
    last = { id: device[1]!, label: device[1]! }
    if (device[2] !== 'none') target?.push(last)
  }
  return list
}
