import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { StudioError } from '@shared/errors'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import type { CaptureSink, CaptureSource } from '../capture-source'
import { MediaEngine } from '../media-engine'
import { brightness, Clips, complaints, eventually, onsets, shownAt, sound } from '../testing/clips'
import { FakeParts } from '../testing/fake-parts'
import { openSource } from './open-source'
import { ReturningSource } from './returning-source'
import { limitFor, measureIdle } from '../../../../tests/integration/idle-share'

const clips = new Clips()
const format = { width: 320, height: 180, fps: 30 }
const engines: MediaEngine[] = []
const opened: CaptureSource[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
  await Promise.all(opened.splice(0).map((source) => source.close()))
})
afterAll(() => clips.remove())

/** A camera with a microphone that flashes and beeps each second; it is away while the file `name`.gone is there. */
function fakeCamera(name: string) {
  const gone = clips.path(`${name}.gone`)
  const path = clips.path(`${name}.sh`)
  const flash = "color=white:s=320x180:r=30,drawbox=c=black:t=fill:enable='gte(mod(t,1),0.0999)'"
  const beep = 'aevalsrc=0.8*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1):s=48000'
  writeFileSync(
    path,
    `#!/bin/sh
if [ -e "${gone}" ]; then echo "/dev/video97: No such device" >&2; exit 1; fi
while [ "$1" != "-map" ]; do shift; done
exec "${clips.ffmpeg}" -v error -nostdin -re -f lavfi -i "${flash}" -re -f lavfi -i "${beep}" "$@"
`,
  )
  chmodSync(path, 0o755)
  const root = clips.path(`${name}-root`)
  mkdirSync(`${root}/sys/class/video4linux/video97`, { recursive: true })
  writeFileSync(`${root}/sys/class/video4linux/video97/name`, 'Webcam\n')
  mkdirSync(`${root}/proc/asound`, { recursive: true })
  writeFileSync(`${root}/proc/asound/pcm`, '00-00: USB : USB : capture 1\n')
  return {
    unplug: () => writeFileSync(gone, ''),
    plugIn: () => rmSync(gone),
    options: { ffmpegPath: path, format, devices: { platform: 'linux' as const, root, display: '' }, browser: null },
  }
}

function start(camera: ReturnType<typeof fakeCamera>) {
  const parts = Object.assign(new FakeParts(clips.ffmpeg), {
    openSource: () => openSource({ kind: 'camera' }, { ...camera.options, retryMs: 400 }),
  })
  const engine = new MediaEngine({ ffmpegPath: clips.ffmpeg, modelsDir: '', log: () => undefined, format, parts })
  engines.push(engine)
  const said: string[] = []
  engine.on('sourceAway', ({ code }) => said.push(code))
  engine.on('sourceBack', () => said.push('back'))
  engine.on('problem', ({ code }) => said.push(`problem ${code}`))
  const inits: EncodedInit[] = []
  const segments: (EncodedSegment & { atMs: number })[] = []
  const handlers = {
    onInit: (init: EncodedInit): void => void inits.push(init),
    onSegment: (segment: EncodedSegment): void => void segments.push({ ...segment, atMs: performance.now() }),
  }
  const save = (name: string): string => {
    writeFileSync(clips.path(name), Buffer.concat([inits[0]!.bytes, ...segments.map(({ bytes }) => bytes)]))
    return clips.path(name)
  }
  return { engine, said, segments, handlers, save }
}

function capturePid(engine: MediaEngine): number {
  return (engine as unknown as { session: { source: { source: { child: { pid: number } } } } }).session.source.source
    .child.pid
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('a camera that goes away while live', () => {
  it('comes back by itself after three seconds: every slot has a picture, and sound and picture are together', async () => {
    const camera = fakeCamera('plug')
    const { engine, said, segments, handlers, save } = start(camera)
    await engine.openSource({ kind: 'camera' })
    await engine.startEncoding(handlers)
    const begun = performance.now()
    const idle = measureIdle()
    await wait(2200)
    camera.unplug()
    process.kill(capturePid(engine), 'SIGKILL')
    expect(await eventually(() => said.includes('camera-missing') || said.includes('camera-failed'))).toBe(true)
    await wait(3000)
    expect(said).not.toContain('back')
    camera.plugIn()
    expect(await eventually(() => said.includes('back'))).toBe(true)
    await wait(2300)
    await engine.stopEncoding()
    const seconds = (performance.now() - begun) / 1000
    const path = save('plug.mp4')
    expect(complaints(path)).toBe('')
    const levels = brightness(path)
    const share = idle()
    // Slots that a busy computer lost are longer pictures.
    const times = shownAt(path)
    const shown = segments.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
    expect(times).toHaveLength(levels.length)
    expect(Math.abs(shown - seconds) * 1000).toBeLessThan(limitFor(share, 350, 3000))
    expect(Math.abs(sound(path).length / 48_000 - shown)).toBeLessThan(0.1)
    const gaps = segments.slice(1).map(({ atMs }, index) => atMs - segments[index]!.atMs)
    expect(Math.max(...gaps)).toBeLessThan(limitFor(share, 1500, 6000))
    const flashes = onsets(levels, 128, 5, 1)
      .map((picture) => times[picture]!)
      .filter((at) => at > 0.2)
    const beeps = onsets(sound(path), 3000, 4800, 48_000).filter((at) => at > 0.17)
    expect(flashes.length).toBeGreaterThanOrEqual(3)
    expect(beeps).toHaveLength(flashes.length)
    const apart = flashes.map((flash, i) => Math.abs(beeps[i]! - flash) * 1000)
    expect(Math.max(...apart)).toBeLessThan(limitFor(share, 45, 250))
    expect(said.at(-1)).toBe('back')
    expect(said.filter((word) => word.startsWith('problem'))).toEqual([])
  })

  it('is opened again at once when only its program was killed', async () => {
    const { engine, said, segments, handlers } = start(fakeCamera('kill'))
    await engine.openSource({ kind: 'camera' })
    await engine.startEncoding(handlers)
    expect(await eventually(() => segments.length > 0)).toBe(true)
    const pid = capturePid(engine)
    process.kill(pid, 'SIGKILL')
    expect(await eventually(() => said.includes('back'))).toBe(true)
    expect(capturePid(engine)).not.toBe(pid)
    const before = segments.length
    expect(await eventually(() => segments.length > before + 1)).toBe(true)
    await engine.stopEncoding()
    expect(said).toEqual(['camera-failed', 'back'])
  })

  it('leaves nothing behind when it is closed while it is away', async () => {
    const camera = fakeCamera('closed')
    const { engine, said } = start(camera)
    await engine.openSource({ kind: 'camera' })
    await wait(300)
    camera.unplug()
    process.kill(capturePid(engine), 'SIGKILL')
    expect(await eventually(() => said.length > 0)).toBe(true)
    await engine.close()
    camera.plugIn()
    await wait(700)
    expect(said).not.toContain('back')
  })
})

/** A device that the test plays itself. */
class Device implements CaptureSource {
  readonly info = { label: 'Device', ...format, hasAudio: true }
  sink!: CaptureSink
  closed = false
  start(sink: CaptureSink): void {
    this.sink = sink
  }
  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
  /** Pictures of one brightness, each with its sound of the same value. */
  give(count: number, level: number): void {
    for (let i = 0; i < count; i++) {
      const frame = this.sink.acquire()
      if (!frame) throw new Error('no frame')
      frame.data.fill(level)
      this.sink.commit(frame, performance.now())
      this.sink.audio(new Uint8Array(1600 * 4).fill(level))
    }
  }
}

/** Notes the brightness of each slot and the value of its sound. */
class Slots implements CaptureSink {
  pictures: number[] = []
  lost = 0
  sounds: number[] = []
  said: string[] = []
  acquire = () => ({ ...format, data: new Uint8Array((format.width * format.height * 3) / 2) })
  onFree = (callback: () => void): void => callback()
  commit: CaptureSink['commit'] = (frame) => void this.pictures.push(frame.data[0]!)
  dropped = (count: number): void => void (this.lost += count)
  audio = (pcm: Uint8Array): void => {
    for (let at = 0; at < pcm.length; at += 4) this.sounds.push(pcm[at]!)
  }
  ended = (): void => void this.said.push('ended')
  away = ({ code }: StudioError): void => void this.said.push(code)
  back = (): void => void this.said.push('back')
  get slots(): number {
    return this.pictures.length + this.lost
  }
}

async function played(retryMs = 100) {
  const devices: Device[] = []
  const source = await ReturningSource.open({
    open: () => {
      const device = new Device()
      devices.push(device)
      return Promise.resolve(device)
    },
    retryMs,
  })
  opened.push(source)
  const slots = new Slots()
  source.start(slots)
  return { devices, slots, source }
}

describe('the slots of a device', () => {
  it('that is late are filled up, and what comes for them later is left out', async () => {
    const { devices, slots } = await played()
    devices[0]!.give(10, 100)
    await wait(700)
    const filled = slots.slots - 10
    expect(filled).toBeGreaterThan(12)
    // The device makes up for the pause, as ffmpeg does at a constant rate, and then goes on.
    const owed = slots.slots - 10
    devices[0]!.give(owed, 50)
    expect(slots.slots).toBe(10 + owed)
    expect(slots.pictures).not.toContain(50)
    devices[0]!.give(5, 200)
    expect(slots.pictures.slice(-5)).toEqual([200, 200, 200, 200, 200])
    expect(slots.sounds.length).toBe(slots.slots * 1600)
    expect(slots.sounds.slice(-5 * 1600).every((value) => value === 200)).toBe(true)
    expect(slots.said).toEqual([])
  })

  it('that stays behind is taken as it comes, with its sound', async () => {
    const { devices, slots } = await played()
    devices[0]!.give(3, 100)
    await wait(600)
    // It lost those pictures and gives only those of now.
    for (let i = 0; i < 45; i++) {
      devices[0]!.give(1, 200)
      await wait(33)
    }
    expect(slots.pictures.slice(-5)).toEqual([200, 200, 200, 200, 200])
    expect(slots.sounds.slice(-3 * 1600).every((value) => value === 200)).toBe(true)
    expect(Math.abs(slots.sounds.length / 1600 - slots.slots)).toBeLessThanOrEqual(1)
  })

  it('goes on where it stopped when the computer has slept, with the device opened anew', async () => {
    const { devices, slots } = await played()
    devices[0]!.give(10, 100)
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000)
    expect(await eventually(() => devices.length === 2)).toBe(true)
    expect(devices[0]!.closed).toBe(true)
    devices[1]!.give(5, 200)
    expect(slots.pictures.slice(-5)).toEqual([200, 200, 200, 200, 200])
    expect(slots.slots).toBeLessThan(60)
    expect(slots.said).toEqual([])
  })

  it('that makes up for hours at once is opened anew instead', async () => {
    const { devices, slots } = await played()
    devices[0]!.give(10, 100)
    expect(() => devices[0]!.give(500, 50)).toThrow('no frame')
    expect(slots.slots).toBeLessThan(90)
    expect(await eventually(() => devices.length === 2)).toBe(true)
    expect(slots.said).toEqual([])
  })

  it('is told apart: why it is away, once for each reason, and that it is back', async () => {
    let answer: 'busy' | 'gone' | 'open' = 'open'
    const devices: Device[] = []
    const source = await ReturningSource.open({
      open: () => {
        if (answer !== 'open') return Promise.reject(new StudioError(answer, 'No.'))
        devices.push(new Device())
        return Promise.resolve(devices.at(-1)!)
      },
      retryMs: 40,
    })
    opened.push(source)
    const slots = new Slots()
    source.start(slots)
    answer = 'gone'
    devices[0]!.sink.ended(new StudioError('broken', 'It broke.'))
    await wait(200)
    answer = 'busy'
    expect(await eventually(() => slots.said.includes('busy'))).toBe(true)
    answer = 'open'
    expect(await eventually(() => devices.length === 2)).toBe(true)
    expect(slots.said).toEqual(['broken', 'gone', 'busy'])
    devices[1]!.give(1, 9)
    expect(slots.said).toEqual(['broken', 'gone', 'busy', 'back'])
  })
})
