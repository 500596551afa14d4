import { afterEach, describe, expect, it } from 'vitest'
import type { CapturedPicture, CaptureReply, CaptureRequest } from '@shared/media/browser-capture'
import type { CaptureSource } from '../capture-source'
import type { I420Frame } from '../i420'
import { eventually } from '../testing/clips'
import { CollectingSink } from '../testing/collecting-sink'
import { openBrowser, type BrowserLink } from './browser-source'
import { isWhole, PictureFitter } from './captured-picture'

const format = { width: 64, height: 36, fps: 30 }
const sources: CaptureSource[] = []
afterEach(() => Promise.all(sources.splice(0).map((source) => source.close())))

/** The window's end, played by the test. */
class Window implements BrowserLink {
  replies: CaptureReply[] = []
  request: CaptureRequest | null = null
  closed = false
  say: (message: unknown) => void = () => undefined
  vanish: () => void = () => undefined
  post = (reply: CaptureReply): void => void this.replies.push(reply)
  onMessage = (listener: (message: unknown) => void): void => void (this.say = listener)
  onClose = (listener: () => void): void => void (this.vanish = listener)
  close = (): void => void (this.closed = true)
  open = (request: CaptureRequest): Promise<BrowserLink> => {
    this.request = request
    return Promise.resolve(this)
  }
}

/** A tight I420 picture of one brightness. */
function picture(level: number, width = 64, height = 36): CapturedPicture {
  const luma = width * height
  const data = new Uint8Array(luma * 1.5).fill(128)
  data.fill(level, 0, luma)
  const planes = [
    { offset: 0, stride: width },
    { offset: luma, stride: width / 2 },
    { offset: luma * 1.25, stride: width / 2 },
  ]
  return { t: 'video', format: 'I420', full: false, width, height, planes, data }
}

const CAMERA = { kind: 'browser', video: 'cam', audio: 'mic', label: 'Phone (browser)' } as const

async function open(window = new Window(), spec: Parameters<typeof openBrowser>[0] = CAMERA) {
  const opening = openBrowser(spec, window, format)
  await Promise.resolve()
  await Promise.resolve()
  window.say({ t: 'open' })
  window.say(picture(100))
  const source = await opening
  sources.push(source)
  const sink = new CollectingSink(64, 36)
  source.start(sink)
  return { window, source, sink }
}

describe('a capture by the window', () => {
  it('comes at the studio’s rate, whatever the rate of the camera, with as much sound', async () => {
    const { window, sink, source } = await open()
    expect(source.info).toEqual({ label: 'Phone (browser)', ...format, hasAudio: true })
    expect(window.request).toEqual({ video: 'cam', audio: 'mic', ...format })
    const begun = performance.now()
    for (let i = 0; i < 10; i++) {
      window.say(picture(110 + i))
      window.say({ t: 'audio', pcm: new Uint8Array(4800 * 4).fill(i + 1) })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const isInTime = (): boolean => Math.abs(sink.frames + sink.lost - (performance.now() - begun) * 0.03) < 8
    expect(await eventually(isInTime)).toBe(true)
    expect(sink.soundBytes).toBe((sink.frames + sink.lost) * 1600 * 4)
    expect(sink.peak).toBeGreaterThan(7)
    expect(sink.last!.data[0]).toBe(119)
    expect(window.replies.filter((reply) => reply === 'ack')).toHaveLength(11)
    await source.close()
    expect(window.replies.at(-1)).toBe('stop')
    expect(window.closed).toBe(true)
  })

  it.each([
    ['NotAllowedError', 'browser-denied', 'does not let us use'],
    ['NotFoundError', 'browser-missing', 'is not there'],
    ['NotReadableError', 'browser-busy', 'used by another program'],
    ['AnythingElse', 'browser-failed', 'could not be captured (odd)'],
  ])('that is refused with %s says why', async (name, code, words) => {
    const window = new Window()
    const opening = openBrowser(CAMERA, window, format)
    await Promise.resolve()
    await Promise.resolve()
    window.say({ t: 'failed', name, message: 'odd' })
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string })
    expect(window.closed).toBe(true)
  })

  it('ends in words when the window is gone, the plug is pulled, or something else comes', async () => {
    const gone = await open()
    gone.window.vanish()
    expect(await eventually(() => gone.sink.error !== undefined)).toBe(true)
    expect(gone.sink.error).toMatchObject({ code: 'browser-gone' })
    const pulled = await open()
    pulled.window.say({ t: 'failed', name: 'closed', message: '' })
    expect(pulled.sink.error).toMatchObject({ code: 'browser-gone' })
    for (const nonsense of [
      null,
      'ack',
      { t: 'video' },
      { ...picture(1), data: new Uint8Array(10) },
      { t: 'audio', pcm: 'x' },
    ]) {
      const odd = await open()
      odd.window.say(nonsense)
      expect(odd.sink.error).toMatchObject({ code: 'browser-failed' })
      expect(odd.window.closed).toBe(true)
    }
  })
})

describe('a picture of Chromium’s', () => {
  const frame = (): I420Frame => ({ width: 64, height: 36, data: new Uint8Array(64 * 54) })
  const at = ({ data }: I420Frame, x: number, y: number): number[] => [
    data[y * 64 + x]!,
    data[64 * 36 + (y >> 1) * 32 + (x >> 1)]!,
    data[64 * 45 + (y >> 1) * 32 + (x >> 1)]!,
  ]

  it('of another size is fitted between bars', () => {
    const to = frame()
    new PictureFitter().fit(picture(200, 72, 72), to)
    expect([at(to, 5, 18)[0], at(to, 32, 18)[0], at(to, 60, 18)[0]]).toEqual([16, 200, 16])
    new PictureFitter().fit(picture(200, 640, 360), to)
    expect([at(to, 0, 0)[0], at(to, 63, 35)[0]]).toEqual([200, 200])
  })

  it.each([
    ['RGBA', [255, 0, 0, 255]],
    ['BGRX', [0, 0, 255, 255]],
  ] as const)('in %s becomes BT.601', (name, pixel) => {
    const data = Uint8Array.from({ length: 64 * 36 * 4 }, (_, i) => pixel[i % 4]!)
    const to = frame()
    const planes = [{ offset: 0, stride: 256 }]
    new PictureFitter().fit({ t: 'video', format: name, full: true, width: 64, height: 36, planes, data }, to)
    const [y, u, v] = at(to, 10, 10)
    expect([Math.abs(y! - 81), Math.abs(u! - 90), Math.abs(v! - 240)].every((off) => off <= 1)).toBe(true)
  })

  it('in NV12 of full range becomes I420 of limited range', () => {
    const data = new Uint8Array(64 * 54).fill(255, 0, 64 * 36)
    for (let i = 64 * 36; i < data.length; i += 2) [data[i], data[i + 1]] = [128, 255]
    const planes = [
      { offset: 0, stride: 64 },
      { offset: 64 * 36, stride: 64 },
    ]
    const to = frame()
    new PictureFitter().fit({ t: 'video', format: 'NV12', full: true, width: 64, height: 36, planes, data }, to)
    expect(at(to, 10, 10)).toEqual([235, 128, 239])
  })

  it('whose planes lie outside of its data is not believed', () => {
    expect(isWhole(picture(1))).toBe(true)
    expect(isWhole({ ...picture(1), data: new Uint8Array(100) })).toBe(false)
    expect(isWhole({ ...picture(1), planes: picture(1).planes.slice(0, 2) })).toBe(false)
    expect(isWhole({ ...picture(1), planes: picture(1).planes.map((plane) => ({ ...plane, stride: 8 })) })).toBe(false)
  })
})
