import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startVirtualDisplay } from '../../../../scripts/process/display.mjs'
import type { CaptureSource } from '../capture-source'
import { listDevices } from '../device-list'
import { planesOf, type I420Frame } from '../i420'
import { Clips, eventually } from '../testing/clips'
import { CollectingSink } from '../testing/collecting-sink'
import { X11Painter } from '../testing/x11-painter'
import { openScreen, screenAttempts } from './screen-input'
import { readDesktop } from './x11-desktop'

const clips = new Clips()
const format = { width: 640, height: 360, fps: 30 }
const options = { ffmpegPath: clips.ffmpeg, format }
let display: Awaited<ReturnType<typeof startVirtualDisplay>>
let painter: X11Painter
let left: number

beforeAll(async () => {
  display = await startVirtualDisplay() // 1600x1000
  for (const [name, value] of Object.entries(display.env)) vi.stubEnv(name, value)
  painter = await X11Painter.open(display.env.DISPLAY)
  left = await painter.window(0, 0, 800, 1000, 0xff0000, 'Left half')
  await painter.window(1000, 200, 401, 300, 0x00ff00, 'Notes')
})
afterAll(() => {
  painter.close()
  display.stop()
  vi.unstubAllEnvs()
  clips.remove()
})

const opened: CaptureSource[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()))
})

async function watch(spec: Parameters<typeof openScreen>[0]) {
  const source = await openScreen(spec, options)
  opened.push(source)
  const sink = new CollectingSink(format.width, format.height)
  source.start(sink)
  expect(await eventually(() => sink.frames > 2)).toBe(true)
  return { source, sink }
}

/** Y, U, V of a pixel, rounded to what compression of colours leaves. */
function colourAt(frame: I420Frame | null, x: number, y: number): string {
  const { y: luma, u, v } = planesOf(frame!)
  const chroma = (y >> 1) * (frame!.width / 2) + (x >> 1)
  const [Y, U, V] = [luma[y * frame!.width + x]!, u[chroma]!, v[chroma]!]
  const near = (a: number, b: number, c: number): boolean => Math.abs(Y - a) + Math.abs(U - b) + Math.abs(V - c) < 12
  if (near(81, 90, 240)) return 'red'
  if (near(145, 54, 34)) return 'green'
  if (near(41, 240, 110)) return 'blue'
  return near(16, 128, 128) ? 'black' : `${Y} ${U} ${V}`
}

describe('a screen on X11', () => {
  it('is found with its size, and so are the windows that have a name', async () => {
    expect(await readDesktop(display.env.DISPLAY)).toMatchObject({ width: 1600, height: 1000 })
    const { screens, windows } = await listDevices({ ffmpegPath: clips.ffmpeg, platform: 'linux', root: '/nowhere' })
    expect(screens).toMatchObject([{ region: { x: 0, y: 0, width: 1600, height: 1000 } }])
    expect(screens[0]!.label).toContain('1600x1000')
    expect(windows).toMatchObject([
      { label: 'Left half', region: { x: 0, y: 0, width: 800, height: 1000 } },
      { label: 'Notes', region: { x: 1000, y: 200, width: 400, height: 300 } },
    ])
  })

  it('is seen whole, between bars, and what changes on it', async () => {
    const { sink, source } = await watch({ kind: 'screen', microphone: 'none' })
    expect(source.info).toMatchObject({ ...format, hasAudio: false })
    // 1600x1000 is 576x360 in the middle of 640x360.
    expect([10, 100, 300, 330, 630].map((x) => colourAt(sink.last, x, 180))).toEqual([
      'black',
      'red',
      'red',
      'black',
      'black',
    ])
    expect(colourAt(sink.last, 32 + 1200 * 0.36, 300 * 0.36)).toBe('green')
    await painter.colour(left, 0x0000ff)
    expect(await eventually(() => colourAt(sink.last, 100, 180) === 'blue')).toBe(true)
    await painter.colour(left, 0xff0000)
    expect(await eventually(() => colourAt(sink.last, 100, 180) === 'red')).toBe(true)
    expect(sink.soundBytes).toBe(sink.frames * 1600 * 4)
  })

  it('is seen in part', async () => {
    const region = { x: 760, y: 0, width: 80, height: 45 }
    const { sink, source } = await watch({ kind: 'screen', region, microphone: 'none' })
    expect(source.info.label).toMatch(/^Part of /)
    expect([100, 300, 340, 600].map((x) => colourAt(sink.last, x, 180))).toEqual(['red', 'red', 'black', 'black'])
  })

  it('shows one window by its name', async () => {
    const { sink, source } = await watch({ kind: 'window', device: 'notes', microphone: 'none' })
    expect(source.info.label).toBe('Notes')
    expect(colourAt(sink.last, 320, 180)).toBe('green')
    expect(colourAt(sink.last, 20, 180)).toBe('black')
  })

  it('says in words what is not there', async () => {
    await expect(openScreen({ kind: 'window', device: 'Gone' }, options)).rejects.toMatchObject({
      code: 'window-missing',
      message: 'There is no window "Gone". Open it again, or choose another source.',
    })
    const region = { x: 5000, y: 0, width: 80, height: 45 }
    await expect(openScreen({ kind: 'screen', region }, options)).rejects.toMatchObject({ code: 'screen-missing' })
    const nowhere = { ...options, devices: { display: ':987' } }
    await expect(openScreen({ kind: 'screen' }, nowhere)).rejects.toMatchObject({
      code: 'screen-missing',
      message: 'No screen can be captured here. Choose a camera, a video file or the demo presenter.',
    })
  })
})

describe('a screen elsewhere', () => {
  const region = { x: -1920, y: 0, width: 1920, height: 1080 }
  const sound = { id: '@mic', label: 'Mic' }

  it('is asked of gdigrab on Windows, a window by its title', () => {
    const desktop = { id: 'desktop', label: 'All screens' }
    const [first] = screenAttempts('win32', { target: desktop, region, display: '', sound, fps: 30 })
    expect(first!.input.join(' ')).toContain(
      '-f gdigrab -framerate 30 -offset_x -1920 -offset_y 0 -video_size 1920x1080 -i desktop',
    )
    expect(first!.input.join(' ')).toContain('-f dshow -i audio=@mic')
    const window = { id: 'Üben – Notepad', label: '' }
    const [title] = screenAttempts('win32', { target: window, region: undefined, display: '', sound: null, fps: 30 })
    expect(title).toMatchObject({ audioMap: null })
    expect(title!.input.at(-1)).toBe('title=Üben – Notepad')
  })

  it('is a device of avfoundation on a Mac', () => {
    const target = { id: '2', label: 'Screen 1' }
    const [first] = screenAttempts('darwin', { target, region: undefined, display: '', sound, fps: 30 })
    expect(first!.input.slice(-2)).toEqual(['-i', '2:@mic'])
    expect(first!.audioMap).toBe('0:a:0')
  })
})
