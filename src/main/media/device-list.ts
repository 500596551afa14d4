import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runFfmpeg } from './ffmpeg-process'

export interface CaptureDevice {
  /** What ffmpeg opens: `/dev/video0` (v4l2), `0` (avfoundation index), a name or alternative name (dshow). */
  id: string
  /** What the person reads. */
  label: string
}

export interface DeviceList {
  cameras: CaptureDevice[]
  microphones: CaptureDevice[]
}

export interface DeviceListOptions {
  ffmpegPath: string
  platform?: NodeJS.Platform
  /** Root of the system's own files, for tests; `/`. */
  root?: string
}

/** Cameras and microphones of this computer; empty lists when there are none. Never throws: a list can wait. */
export async function listDevices({
  ffmpegPath,
  platform = process.platform,
  root = '/',
}: DeviceListOptions): Promise<DeviceList> {
  try {
    if (platform === 'linux') return await listLinux(root)
    if (platform === 'darwin')
      return parseAvfoundation(await listing(ffmpegPath, ['-f', 'avfoundation', '-list_devices', 'true', '-i', '']))
    if (platform === 'win32')
      return parseDshow(await listing(ffmpegPath, ['-f', 'dshow', '-list_devices', 'true', '-i', 'dummy']))
  } catch {
    // An unreadable system folder or a missing ffmpeg shows when a device is opened, with a sentence.
  }
  return { cameras: [], microphones: [] }
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
async function listLinux(root: string): Promise<DeviceList> {
  const folder = join(root, 'sys/class/video4linux')
  const cameras: CaptureDevice[] = []
  const nodes = (await readdir(folder).catch(() => [])).filter((name) => /^video\d+$/.test(name))
  nodes.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
  for (const node of nodes) {
    if ((await line(join(folder, node, 'index'), '0')) !== '0') continue
    cameras.push({ id: `/dev/${node}`, label: await line(join(folder, node, 'name'), node) })
  }
  return { cameras, microphones: await listAlsa(root) }
}

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
  if (microphones.length > 0) microphones.unshift({ id: 'default', label: 'Default microphone' })
  return microphones
}

async function line(path: string, otherwise: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.trim() || otherwise
}

/** Parses `-f avfoundation -list_devices true` (libavdevice/avfoundation.m). Screens are no cameras. */
export function parseAvfoundation(stderr: string): DeviceList {
  const list: DeviceList = { cameras: [], microphones: [] }
  let group: CaptureDevice[] | null = null
  for (const entry of stderr.split('\n')) {
    if (/AVFoundation video devices:/.test(entry)) group = list.cameras
    else if (/AVFoundation audio devices:/.test(entry)) group = list.microphones
    const device = /\] \[(\d+)\] (.+?)\s*$/.exec(entry)
    if (device && group && !device[2]!.startsWith('Capture screen')) group.push({ id: device[1]!, label: device[2]! })
  }
  return list
}

/**
 * Parses `-f dshow -list_devices true`, both forms: groups headed "DirectShow video devices" (up to ffmpeg 4) and
 * one list with "(video)" behind each name (5 and later). Names may repeat, so the alternative name is the id.
 */
export function parseDshow(stderr: string): DeviceList {
  const list: DeviceList = { cameras: [], microphones: [] }
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
