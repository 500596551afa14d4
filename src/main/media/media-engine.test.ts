import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { StudioError } from '@shared/errors'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import type { MediaStats } from '@shared/media/media-stats'
import type { SavedFile } from '@shared/media/saved-file'
import type { CaptureSink, CaptureSource } from './capture-source'
import type { Encoder } from './encoder'
import { MediaEngine } from './media-engine'
import { openExactFile } from './new-file'
import { Recording } from './recording'
import { brightness, Clips, complaints, eventually, isRunning, onsets, packets, sound } from './testing/clips'
import { FakeParts } from './testing/fake-parts'

const clips = new Clips()
const format = { width: 320, height: 180, fps: 30 }
const engines: MediaEngine[] = []

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
})
afterAll(() => clips.remove())

function start(parts = new FakeParts(clips.ffmpeg)) {
  const log: string[] = []
  const engine = new MediaEngine({
    ffmpegPath: clips.ffmpeg,
    modelsDir: '',
    log: (line) => log.push(line),
    format,
    parts,
  })
  engines.push(engine)
  const problems: StudioError[] = []
  engine.on('problem', (problem) => problems.push(problem))
  let over = false
  const ended = new Promise<void>((resolve) =>
    engine.on('ended', () => {
      over = true
      resolve()
    }),
  )
  return { engine, parts, problems, ended, isOver: () => over, log }
}

/** Collects a show. */
class Show {
  inits: EncodedInit[] = []
  segments: EncodedSegment[] = []
  readonly handlers = {
    onInit: (init: EncodedInit): void => void this.inits.push(init),
    onSegment: (segment: EncodedSegment): void => void this.segments.push(segment),
  }

  save(name: string): string {
    const parts = [this.inits[0]!.bytes, ...this.segments.map((segment) => segment.bytes)]
    writeFileSync(clips.path(name), Buffer.concat(parts))
    return clips.path(name)
  }

  get seconds(): number {
    return this.segments.reduce((sum, segment) => sum + segment.durationMs, 0) / 1000
  }
}

const file = (path: string, loop = false) => ({ kind: 'file' as const, path, loop })

/** Frames and sound that the test hands over itself. */
class ManualSource implements CaptureSource {
  readonly info = { label: 'Manual', ...format, hasAudio: true }
  sink!: CaptureSink
  closed = false

  start(sink: CaptureSink): void {
    this.sink = sink
  }

  /** One slot; false when the engine had no frame and the slot was lost. */
  slot(level: number): boolean {
    const frame = this.sink.acquire()
    this.sink.audio(new Uint8Array(1600 * 4))
    if (!frame) {
      this.sink.dropped(1)
      return false
    }
    frame.data.fill(128)
    frame.data.fill(level, 0, format.width * format.height)
    this.sink.commit(frame, performance.now())
    return true
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

function manual(): FakeParts & { source: ManualSource } {
  const source = new ManualSource()
  return Object.assign(new FakeParts(clips.ffmpeg), { source, openSource: () => Promise.resolve(source) })
}

describe('a file goes live', () => {
  it('to its end: every frame, the last segment, then "ended"', async () => {
    const { engine, parts, problems, ended } = start(new FakeParts(clips.ffmpeg, false))
    const path = clips.testPicture('two.mp4', '322x242', 30, 2)
    expect(await engine.openSource(file(path))).toMatchObject({ label: 'two.mp4', ...format, hasAudio: true })
    const show = new Show()
    const recording = new Recording(await openExactFile(clips.path('recorded.mp4')))
    const recorded: SavedFile[] = []
    engine.on('recorded', (saved) => recorded.push(saved))
    await engine.startEncoding({ ...show.handlers, recording })
    await ended
    expect(problems).toEqual([])
    // Some frames may have passed before the encoding began.
    const frames = brightness(show.save('live.mp4')).length
    expect(frames).toBe(Math.round(show.seconds * 30))
    expect(frames).toBeGreaterThan(45)
    expect(parts.tracked).toBeGreaterThanOrEqual(frames)
    expect(complaints(clips.path('live.mp4'))).toBe('')
    expect(complaints(clips.path('recorded.mp4'))).toBe('')
    expect(packets(clips.path('recorded.mp4'))).toEqual(packets(clips.path('live.mp4')))
    expect(recorded).toEqual([
      { path: clips.path('recorded.mp4'), name: 'recorded.mp4', durationMs: show.seconds * 1000 },
    ])
  })

  it('with sound and picture together, wherever the encoding begins and however often it repeats', async () => {
    const { engine } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.flashAndBeep('flash.mkv', 2), true))
    await new Promise((resolve) => setTimeout(resolve, 430))
    const show = new Show()
    await engine.startEncoding(show.handlers)
    expect(await eventually(() => show.seconds >= 6)).toBe(true)
    await engine.stopEncoding()
    const path = show.save('sync.mp4')
    // A flash that the beginning cuts in two is left out.
    const flashes = onsets(brightness(path), 128, 5, 30).filter((at) => at > 0.2)
    const beeps = onsets(sound(path), 3000, 4800, 48_000).filter((at) => at > 0.17)
    expect(flashes.length).toBeGreaterThanOrEqual(5)
    expect(beeps).toHaveLength(flashes.length)
    flashes.forEach((flash, i) => expect(Math.abs(beeps[i]! - flash)).toBeLessThan(0.04))
    expect(complaints(path)).toBe('')
  })

  it('and stops when told, as often as wanted', async () => {
    const { engine, isOver } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.testPicture('long.mp4', '320x180', 30, 20)))
    for (let round = 0; round < 2; round++) {
      const show = new Show()
      await engine.startEncoding(show.handlers)
      await expect(engine.startEncoding(show.handlers)).rejects.toMatchObject({ code: 'already-encoding' })
      expect(await eventually(() => show.segments.length > 0)).toBe(true)
      await engine.stopEncoding()
      expect(show.segments.map((segment) => segment.index)).toEqual(show.segments.map((_, i) => i))
      expect(complaints(show.save(`round${round}.mp4`))).toBe('')
    }
    expect(isOver()).toBe(false)
    await engine.stopEncoding()
  })
})

it('the real parts: the demo presenter is found, retouched and encoded', async () => {
  const models = fileURLToPath(new URL('../../../resources/models', import.meta.url))
  const size = { width: 480, height: 270, fps: 15 }
  const engine = new MediaEngine({ ffmpegPath: clips.ffmpeg, modelsDir: models, log: () => undefined, format: size })
  engines.push(engine)
  const all: MediaStats[] = []
  engine.on('stats', (stats) => all.push(stats))
  expect(await engine.openSource({ kind: 'demo' })).toMatchObject({ label: 'Demo presenter', ...size })
  const show = new Show()
  await engine.startEncoding(show.handlers)
  expect(await eventually(() => show.seconds >= 2 && all.some(({ faces }) => faces === 1))).toBe(true)
  await engine.stopEncoding()
  expect(complaints(show.save('demo.mp4'))).toBe('')
  // A busy computer may lose a picture here and there; then the one before lasts longer.
  const pictures = brightness(clips.path('demo.mp4')).length
  expect(pictures).toBeLessThanOrEqual(Math.round(show.seconds * 15))
  expect(pictures).toBeGreaterThan(show.seconds * 15 * 0.5)
  expect(sound(clips.path('demo.mp4')).some((sample) => Math.abs(sample) > 300)).toBe(true)
})

describe('settings and figures', () => {
  it('gives settings to the filter from the next frame on', async () => {
    const { engine, parts } = start(manual())
    await engine.openSource({ kind: 'demo' })
    const { source } = parts as unknown as { source: ManualSource }
    engine.setBeauty({ ...DEFAULT_BEAUTY, smooth: 0.9 })
    source.slot(50)
    expect(await eventually(() => parts.settings?.smooth === 0.9)).toBe(true)
    engine.setBeauty({ ...DEFAULT_BEAUTY, enabled: false })
    source.slot(50)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(parts.tracked).toBe(1)
  })

  it('reports once a second', async () => {
    const { engine } = start(new FakeParts(clips.ffmpeg, false))
    const all: MediaStats[] = []
    engine.on('stats', (stats) => all.push(stats))
    await engine.openSource(file(clips.testPicture('stats.mp4', '320x180', 30, 20)))
    const show = new Show()
    await engine.startEncoding(show.handlers)
    const isGoing = ({ fps, framesIn, framesEncoded }: MediaStats): boolean =>
      fps > 15 && framesIn > 60 && framesEncoded > 45
    expect(await eventually(() => all.length >= 3 && isGoing(all.at(-1)!))).toBe(true)
    const last = all.at(-1)!
    expect(last.bitrateKbps).toBeGreaterThan(0)
    expect(last.faces).toBe(1)
    expect(last.audioPeakDb).toBeGreaterThan(-40)
    expect(last).toMatchObject({ encoder: 'libx264', targetKbps: 3500, step: '' })
    expect(last.encodeMs).toBeGreaterThan(0)
    expect(last.cpuPercent).toBeGreaterThan(0)
    expect(last.avOffsetMs).toBeGreaterThan(-20)
    engine.setEncoding({ quality: 'saver', encoder: 'software' })
    expect(await eventually(() => all.at(-1)!.targetKbps === 1500)).toBe(true)
    const before = show.segments.length
    expect(await eventually(() => show.segments.length >= before + 4)).toBe(true)
    await engine.stopEncoding()
    expect(show.inits).toHaveLength(1)
    expect(complaints(show.save('stats-live.mp4'))).toBe('')
  })

  it('lists the demo first', async () => {
    expect((await start().engine.listSources()).map(({ id, spec }) => [id, spec.kind])).toEqual([
      ['demo', 'demo'],
      ['camera:/dev/video0', 'camera'],
    ])
  })

  it('shows small pictures to the window that acknowledges them', async () => {
    const { engine } = start()
    let shown = 0
    const link = engine.setPreviewSink((picture) => {
      expect([picture.width, picture.height]).toEqual([320, 180])
      shown++
      setImmediate(() => link.acknowledge())
    })
    await engine.openSource(file(clips.testPicture('preview.mp4', '320x180', 30, 1)))
    expect(await eventually(() => shown > 5)).toBe(true)
    expect(engine.setPreviewSink(null)).toBeNull()
  })
})

describe('a replay', () => {
  it('is saved again and again while live, begins at 0, and has sound and picture together', async () => {
    const { engine } = start(new FakeParts(clips.ffmpeg, false))
    const target = { folder: clips.path('replays'), name: 'Clip' }
    await expect(engine.saveReplay(target)).rejects.toMatchObject({ code: 'not-live' })
    await engine.openSource(file(clips.flashAndBeep('replay-source.mkv', 4), true))
    await expect(engine.saveReplay(target)).rejects.toMatchObject({ code: 'not-live' })
    const show = new Show()
    await engine.startEncoding(show.handlers)
    await expect(engine.saveReplay(target)).rejects.toMatchObject({ code: 'no-replay' })
    expect(await eventually(() => show.seconds >= 3)).toBe(true)
    const first = await engine.saveReplay(target)
    const [second, third] = await Promise.all([engine.saveReplay(target), engine.saveReplay(target)])
    await engine.stopEncoding()
    await expect(engine.saveReplay(target)).rejects.toMatchObject({ code: 'not-live' })

    expect(readdirSync(target.folder).sort()).toEqual(['Clip (2).mp4', 'Clip (3).mp4', 'Clip.mp4'])
    expect([second.durationMs, third.durationMs].every((length) => length >= first.durationMs)).toBe(true)
    for (const { path, durationMs } of [first, second, third]) {
      expect(complaints(path)).toBe('')
      const levels = brightness(path)
      expect(levels).toHaveLength(Math.round((durationMs * 30) / 1000))
      // What the beginning or the end cuts in two is left out.
      const inside = (at: number): boolean => at > 0.185 && at < durationMs / 1000 - 0.1
      const flashes = onsets(levels, 128, 5, 30).filter(inside)
      const beeps = onsets(sound(path), 3000, 4800, 48_000).filter(inside)
      expect(flashes.length).toBeGreaterThanOrEqual(2)
      expect(beeps).toHaveLength(flashes.length)
      flashes.forEach((flash, i) => expect(Math.abs(beeps[i]! - flash)).toBeLessThan(0.04))
    }
  })

  it('that cannot be saved says why, leaves nothing behind and the live alone', async () => {
    const { engine, problems } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.testPicture('noclip.mp4', '320x180', 30, 20)))
    const show = new Show()
    await engine.startEncoding(show.handlers)
    expect(await eventually(() => show.segments.length > 0)).toBe(true)
    const folder = join(clips.path('noclip.mp4'), 'inside')
    await expect(engine.saveReplay({ folder, name: 'Clip' })).rejects.toMatchObject({ code: 'replay-failed' })
    const before = show.segments.length
    expect(await eventually(() => show.segments.length > before)).toBe(true)
    await engine.stopEncoding()
    expect(problems).toEqual([])
  })
})

describe('when things go wrong', () => {
  it('refuses to go live without a source', async () => {
    await expect(start().engine.startEncoding(new Show().handlers)).rejects.toMatchObject({ code: 'no-source' })
  })

  it('passes on why a source cannot be opened, and opens another', async () => {
    const { engine } = start()
    await expect(engine.openSource(file(clips.path('nothing.mp4')))).rejects.toMatchObject({ code: 'file-missing' })
    await engine.openSource(file(clips.testPicture('other.mp4', '320x180', 30, 1)))
  })

  it('sends a smaller picture when the computer is too slow for long, says so once, and loses no slot', async () => {
    const { engine, parts, problems } = start(new FakeParts(clips.ffmpeg, false))
    parts.onTrack = () => new Promise((resolve) => setTimeout(resolve, 60))
    const notices: string[] = []
    engine.on('notice', ({ code }) => notices.push(code))
    const all: MediaStats[] = []
    engine.on('stats', (stats) => all.push(stats))
    await engine.openSource(file(clips.testPicture('slow.mp4', '320x180', 30, 20)))
    const show = new Show()
    await engine.startEncoding(show.handlers)
    expect(await eventually(() => show.inits.length >= 2)).toBe(true)
    const { step, framesEncoded } = all.at(-1)!
    expect(step).toMatch(/^picture 240x136 \(computer\)/)
    expect(framesEncoded).toBeGreaterThan(60)
    const stopping = performance.now()
    await engine.stopEncoding()
    expect(performance.now() - stopping).toBeLessThan(9000) // before the encoder is killed for not ending
    expect(notices).toEqual(['computer-slow'])
    expect(problems).toEqual([])
    expect(show.inits[1]).toMatchObject({ width: 240, height: 136 })
    const frames = (engine as unknown as { pipeline: { counters: { framesOut: number } } }).pipeline.counters.framesOut
    expect(Math.abs(show.seconds * 30 - frames)).toBeLessThan(15)
  })

  it('goes on with the last picture when the source breaks, until another is opened', async () => {
    const { engine, parts, problems } = start(manual())
    const { source } = parts as unknown as { source: ManualSource }
    const another = clips.testPicture('again.mp4', '320x180', 30, 20)
    await engine.openSource({ kind: 'demo' })
    const show = new Show()
    await engine.startEncoding(show.handlers)
    for (let i = 0; i < 15; i++) {
      source.slot(200)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    source.sink.ended(new StudioError('camera-silent', 'Gone.'))
    expect(await eventually(() => show.seconds >= 1.5)).toBe(true)
    expect(problems.map(({ code }) => code)).toEqual(['camera-silent'])
    expect(source.closed).toBe(true)
    const real = new FakeParts(clips.ffmpeg, false)
    parts.openSource = real.openSource
    await engine.openSource(file(another))
    const before = show.seconds
    expect(await eventually(() => show.seconds >= before + 1.5)).toBe(true)
    await engine.stopEncoding()
    const path = show.save('slate.mp4')
    expect(complaints(path)).toBe('')
    const levels = brightness(path)
    expect(levels.length).toBeLessThanOrEqual(Math.round(show.seconds * 30))
    expect(levels.slice(0, 40).every((level) => Math.abs(level - 214) < 6)).toBe(true)
    expect(Math.abs(sound(path).length / 48_000 - show.seconds)).toBeLessThan(0.1)
  })

  it('fills lost slots, so that sound and picture stay together', async () => {
    const { engine, parts } = start(manual())
    const { source } = parts as unknown as { source: ManualSource }
    await engine.openSource({ kind: 'demo' })
    const show = new Show()
    await engine.startEncoding(show.handlers)
    let lost = 0
    for (let i = 0; i < 60; i++) {
      // Bursts that the ring cannot hold.
      if (!source.slot(100)) lost++
      if (i % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 150))
    }
    source.slot(100)
    await engine.stopEncoding()
    expect(lost).toBeGreaterThan(0)
    expect(Math.round(show.seconds * 30)).toBe(61)
  })

  it('goes on when the sound lies behind a long run of pictures, as in some files', async () => {
    const { engine, parts } = start(manual())
    const { source } = parts as unknown as { source: ManualSource }
    await engine.openSource({ kind: 'demo' })
    const show = new Show()
    await engine.startEncoding(show.handlers)
    for (let run = 0; run < 3; run++) {
      for (let i = 0; i < 30; i++) {
        // Like a pipe: nothing is lost, the source waits for a free frame.
        let frame = source.sink.acquire()
        while (!frame) {
          await new Promise<void>((resolve) => source.sink.onFree(resolve))
          frame = source.sink.acquire()
        }
        source.sink.commit(frame, performance.now())
      }
      source.sink.audio(new Uint8Array(30 * 1600 * 4))
    }
    await engine.stopEncoding()
    expect(Math.round(show.seconds * 30)).toBe(90)
  })

  it('goes on live when the encoder is killed; says so when that happens again and again, and can go live anew', async () => {
    const { engine, problems } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.testPicture('kill.mp4', '320x180', 30, 20)))
    const show = new Show()
    await engine.startEncoding(show.handlers)
    for (let kill = 0; kill < 3; kill++) {
      const before = show.segments.length
      expect(await eventually(() => show.segments.length > before)).toBe(true)
      expect(problems).toEqual([])
      killEncoder(engine)
    }
    expect(await eventually(() => problems.length > 0)).toBe(true)
    expect(problems[0]).toMatchObject({ code: 'encoder-stopped' })
    expect(complaints(show.save('killed-live.mp4'))).toBe('')
    await engine.stopEncoding()
    const again = new Show()
    await engine.startEncoding(again.handlers)
    expect(await eventually(() => again.segments.length > 0)).toBe(true)
    await engine.stopEncoding()
    expect(problems).toHaveLength(1)
  })

  it.skipIf(!existsSync('/dev/full'))('goes on live when the disk of the recording is full', async () => {
    const { engine, problems } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.testPicture('norec.mp4', '320x180', 30, 20)))
    const show = new Show()
    const path = clips.path('full.mp4')
    symlinkSync('/dev/full', path)
    const recording = new Recording({ path, handle: await open(path, 'w') })
    await engine.startEncoding({ ...show.handlers, recording })
    expect(await eventually(() => problems.length > 0)).toBe(true)
    const before = show.segments.length
    expect(await eventually(() => show.segments.length > before + 1)).toBe(true)
    await engine.stopEncoding()
    expect(problems.map(({ code }) => code)).toEqual(['recording-failed'])
    expect(complaints(show.save('norec-live.mp4'))).toBe('')
  })

  it('closes the recording when the encoder is killed, and what is in it plays', async () => {
    const { engine, problems } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.testPicture('killrec.mp4', '320x180', 30, 20)))
    const show = new Show()
    const recording = new Recording(await openExactFile(clips.path('cut.mp4')))
    const recorded = new Promise<SavedFile>((resolve) => engine.once('recorded', resolve))
    await engine.startEncoding({ ...show.handlers, recording })
    expect(await eventually(() => show.segments.length >= 3)).toBe(true)
    await killAgainAndAgain(engine, problems)
    const saved = await recorded
    expect(problems.map(({ code }) => code)).toEqual(['encoder-stopped'])
    expect(saved.durationMs).toBeCloseTo(show.seconds * 1000)
    expect(complaints(saved.path)).toBe('')
    expect(brightness(saved.path).length).toBeGreaterThan(show.seconds * 30 - 15)
  })

  it('closes whatever is going on', async () => {
    const { engine, parts } = start(new FakeParts(clips.ffmpeg, false))
    await engine.openSource(file(clips.testPicture('close.mp4', '320x180', 30, 20)))
    const show = new Show()
    await engine.startEncoding(show.handlers)
    await eventually(() => show.segments.length > 0)
    const pid = encoderPid(engine)
    await engine.close()
    expect(parts.closed).toBe(true)
    expect(() => process.kill(pid, 0)).toThrow()
    await expect(engine.openSource(file(clips.path('close.mp4')))).rejects.toMatchObject({ code: 'engine-closed' })
  })
})

function encoderPid(engine: MediaEngine): number {
  return (engine as unknown as { show: { encoder: Encoder } }).show.encoder.pids.pictures[0]!
}

/** Kills the encoder of now; one that has ended and is not replaced yet is left alone. */
function killEncoder(engine: MediaEngine): void {
  const pid = encoderPid(engine)
  if (pid > 0 && isRunning(pid)) process.kill(pid, 'SIGKILL')
}

/** Until the engine gives up. */
async function killAgainAndAgain(engine: MediaEngine, problems: StudioError[]): Promise<void> {
  while (problems.length === 0) {
    killEncoder(engine)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
