import type { ScreenRegion } from '@shared/media/source-spec'
import { padded, words, X11Connection } from './x11-connection'

/** A monitor or a window and where it lies on the desktop. */
export interface DesktopPlace {
  id: string
  label: string
  region: ScreenRegion
}

/** What an X display shows. */
export interface Desktop {
  width: number
  height: number
  monitors: DesktopPlace[]
  /** Those with a name that can be seen, clipped to the desktop. */
  windows: DesktopPlace[]
}

/** More windows than anybody looks through. */
const MOST_WINDOWS = 60

/**
 * Asks an X display for its monitors (RandR 1.5) and its windows (EWMH `_NET_CLIENT_LIST`; without a window manager
 * the children of the root).
 * @throws Error when the display cannot be reached or refuses us
 */
export async function readDesktop(display: string): Promise<Desktop> {
  const { x11, setup } = await X11Connection.open(display)
  try {
    const { root, width, height } = setup
    const monitors = await readMonitors(x11, root).catch(() => [])
    const windows = await readWindows(x11, root, { x: 0, y: 0, width, height })
    return { width, height, monitors, windows }
  } finally {
    x11.close()
  }
}

/** Randrproto 1.5, RRGetMonitors: request 42 of the extension. */
async function readMonitors(x11: X11Connection, root: number): Promise<DesktopPlace[]> {
  const name = padded(Buffer.from('RANDR'))
  const extension = await x11.request(Buffer.concat([words([98, 0], 2 + name.length / 4, 5), name]))
  if (extension[8] !== 1) return []
  const opcode = extension[9]!
  await x11.request(words([opcode, 0], 3, 1, 5))
  const reply = await x11.request(words([opcode, 42], 3, root, 1))
  const found: DesktopPlace[] = []
  for (let index = 0, at = 32; index < reply.readUInt32LE(12); index++) {
    const atom = await x11.request(words([17, 0], 2, reply.readUInt32LE(at)))
    const id = atom.toString('latin1', 32, 32 + atom.readUInt16LE(8))
    const region = {
      ...{ x: reply.readInt16LE(at + 8), y: reply.readInt16LE(at + 10) },
      ...{ width: reply.readUInt16LE(at + 12), height: reply.readUInt16LE(at + 14) },
    }
    found.push({ id, label: id, region })
    at += 24 + reply.readUInt16LE(at + 6) * 4
  }
  return found
}

async function readWindows(x11: X11Connection, root: number, desktop: ScreenRegion): Promise<DesktopPlace[]> {
  const list = await property(x11, root, await atomOf(x11, '_NET_CLIENT_LIST'))
  const ids = list.length > 0 ? numbers(list) : await children(x11, root)
  const netName = await atomOf(x11, '_NET_WM_NAME')
  const found: DesktopPlace[] = []
  for (const window of ids.slice(0, MOST_WINDOWS)) {
    try {
      const label = (await property(x11, window, netName)).toString('utf8') || (await oldName(x11, window))
      // Attribute 26 of the answer: 2 is viewable.
      const state = (await x11.request(words([3, 0], 2, window)))[26]
      const region = clip(await regionOf(x11, window, root), desktop)
      if (label && state === 2 && region) found.push({ id: `0x${window.toString(16)}`, label, region })
    } catch {
      // It was closed while we asked.
    }
  }
  return found
}

/** WM_NAME (atom 39). */
async function oldName(x11: X11Connection, window: number): Promise<string> {
  return (await property(x11, window, 39)).toString('latin1')
}

async function children(x11: X11Connection, window: number): Promise<number[]> {
  const tree = await x11.request(words([15, 0], 2, window))
  return numbers(tree.subarray(32, 32 + tree.readUInt16LE(16) * 4))
}

async function regionOf(x11: X11Connection, window: number, root: number): Promise<ScreenRegion> {
  const size = await x11.request(words([14, 0], 2, window))
  const origin = await x11.request(words([40, 0], 4, window, root, 0))
  return {
    ...{ x: origin.readInt16LE(12), y: origin.readInt16LE(14) },
    ...{ width: size.readUInt16LE(16), height: size.readUInt16LE(18) },
  }
}

async function atomOf(x11: X11Connection, name: string): Promise<number> {
  const text = padded(Buffer.from(name))
  const reply = await x11.request(Buffer.concat([words([16, 0], 2 + text.length / 4, name.length), text]))
  return reply.readUInt32LE(8)
}

async function property(x11: X11Connection, window: number, atom: number): Promise<Buffer> {
  const reply = await x11.request(words([20, 0], 6, window, atom, 0, 0, 1024))
  const length = reply.readUInt32LE(16) * (reply[1]! >> 3)
  return reply.subarray(32, 32 + length)
}

function numbers(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readUInt32LE(index * 4))
}

/** The part of a place that lies on the desktop, with even sides; null when nothing does. */
export function clip(place: ScreenRegion, desktop: ScreenRegion): ScreenRegion | null {
  const x = Math.max(place.x, desktop.x)
  const y = Math.max(place.y, desktop.y)
  const width = Math.min(place.x + place.width, desktop.x + desktop.width) - x
  const height = Math.min(place.y + place.height, desktop.y + desktop.height) - y
  return width >= 2 && height >= 2 ? { x, y, width: width & ~1, height: height & ~1 } : null
}
