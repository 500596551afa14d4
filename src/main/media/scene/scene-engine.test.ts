import { writeFileSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import type { StudioError } from '@shared/errors'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import type { MediaStats } from '@shared/media/media-stats'
import type { SceneCollection, SceneItem } from '@shared/media/scene'
import { defaultScenes, newItem, PLAIN_SOUND } from '@shared/media/scene-edit'
import type { SceneState } from '@shared/media/scene-state'
import type { SourceSpec } from '@shared/media/source-spec'
import { MediaEngine } from '../media-engine'
import { brightness, Clips, complaints, eventually, onsets, sound } from '../testing/clips'
import { FakeParts } from '../testing/fake-parts'
import { loadCanvas } from './wasm-canvas'

const clips = new Clips()
const format = { width: 320, height: 180, fps: 30 }
const engines: MediaEngine[] = []
const createCanvas = loadCanvas(await ensureKernel('scene'), (line) => {
  throw new Error(line)
})

afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())))
afterAll(() => clips.remove())

function start() {
  const parts = Object.assign(new FakeParts(clips.ffmpeg, false), { createCanvas })
  const engine = new MediaEngine({ ffmpegPath: clips.ffmpeg, modelsDir: '', log: () => undefined, format, parts })
  engines.push(engine)
  const states: SceneState[] = []
  const problems: StudioError[] = []
  const stats: MediaStats[] = []
  let ended = false
  engine.on('sceneState', (state) => states.push(state))
  engine.on('problem', (problem) => problems.push(problem))
  engine.on('stats', (figures) => stats.push(figures))
  engine.on('ended', () => (ended = true))
  return { engine, parts, states, problems, stats, hasEnded: () => ended }
}

class Show {
  readonly inits: EncodedInit[] = []
  readonly segments: EncodedSegment[] = []
  readonly handlers = {
    onInit: (init: EncodedInit): void => void this.inits.push(init),
    onSegment: (segment: EncodedSegment): void => void this.segments.push(segment),
  }

  save(name: string): string {
    writeFileSync(clips.path(name), Buffer.concat([this.inits[0]!, ...this.segments].map(({ bytes }) => bytes)))
    return clips.path(name)
  }

  get seconds(): number {
    return this.segments.reduce((sum, segment) => sum + segment.durationMs, 0) / 1000
  }
}

const item = (id: string, path: string, change: Partial<SceneItem> = {}): SceneItem => ({
  ...newItem(id, id, { kind: 'file', path, loop: true }),
  ...change,
})
const muted = { ...PLAIN_SOUND, muted: true }
const corner = { x: 0.75, y: 0.75, width: 0.25, height: 0.25 }

function scenes(...lists: SceneItem[][]): SceneCollection {
  const named = lists.map((items, i) => ({ id: `s${i}`, name: `Scene ${i}`, items }))
  return { ...defaultScenes({ kind: 'demo' }), scenes: named, currentId: 's0' }
}

/** How far beeps are behind their flashes, seconds. */
function offsets(path: string): number[] {
  const flashes = onsets(brightness(path), 90, 5, 30).filter((at) => at > 0.2)
  const beeps = onsets(sound(path), 3000, 4800, 48_000).filter((at) => at > 0.17)
  return flashes.map((flash) => Math.min(...beeps.map((beep) => Math.abs(beep - flash))))
}

describe('a live of scenes', () => {
  it('of two files has flash and beep together, over changes of the scene, and as many samples as frames', async () => {
    const { engine, problems, stats } = start()
    const flash = clips.flashAndBeep('flash.mkv', 3)
    const picture = clips.testPicture('picture.mp4', '320x180', 25, 4)
    const [front, back] = [item('flash', flash), item('picture', picture, { place: corner, sound: muted })]
    const all = scenes([front, back], [front], [{ ...front, mirror: true }])
    await engine.setScenes(all)
    const show = new Show()
    await engine.startEncoding(show.handlers)
    for (const [i, currentId] of ['s1', 's2', 's0', 's1', 's0'].entries()) {
      await eventually(() => show.seconds >= 1.5 * (i + 1), 15_000)
      await engine.setScenes({ ...all, currentId, transition: { kind: i % 2 === 0 ? 'cut' : 'fade', ms: 200 } })
    }
    await eventually(() => show.seconds >= 9, 15_000)
    await engine.stopEncoding()
    const path = show.save('sync.mp4')
    expect(complaints(path)).toBe('')
    const found = offsets(path)
    expect(found.length).toBeGreaterThanOrEqual(7)
    // Leaving a composed scene may skip one or two pictures of a file: a flash that is cut by it begins later.
    const sorted = found.sort((a, b) => a - b)
    expect(sorted[sorted.length - 3]).toBeLessThan(0.034)
    expect(sorted.at(-1)).toBeLessThan(0.1)
    const frames = brightness(path).length
    expect(frames).toBe(Math.round(show.seconds * 30))
    // AAC packs 1024 samples and begins with as many of its own.
    expect(Math.abs(sound(path).length - frames * 1600)).toBeLessThanOrEqual(2 * 1024)
    expect(problems).toEqual([])
    expect(stats.at(-1)!.droppedFrames).toBe(0)
  })

  it('goes on when one source is killed, without a lost frame, and has it back', async () => {
    const { engine, parts, states, stats } = start()
    const opened = new Map<SourceSpec, number | undefined>()
    const openSource = parts.openSource
    parts.openSource = async (spec, size) => {
      const source = await openSource(spec, size)
      opened.set(spec, (source as unknown as { child: { pid: number | undefined } }).child.pid)
      return source
    }
    const [a, b] = [clips.testPicture('a.mp4', '320x180', 30, 20), clips.testPicture('b.mp4', '320x180', 30, 20)]
    await engine.setScenes(scenes([item('a', a), item('b', b, { place: corner })]))
    expect(states.at(-1)).toMatchObject({ shownId: 's0', items: [{ state: 'open' }, { state: 'open' }] })
    await eventually(() => stats.length >= 2)
    process.kill([...opened].find(([spec]) => spec.kind === 'file' && spec.path === b)![1]!, 'SIGKILL')
    expect(await eventually(() => states.at(-1)!.items[1]?.state === 'failed')).toBe(true)
    expect(states.at(-1)!.items[1]).toMatchObject({ code: 'source-failed' })
    const before = stats.length
    expect(await eventually(() => states.at(-1)!.items[1]?.state === 'open')).toBe(true)
    expect(await eventually(() => stats.length >= before + 3)).toBe(true)
    for (const { fps } of stats.slice(before)) expect(Math.abs(fps - 30)).toBeLessThan(2)
    expect(stats.at(-1)!.droppedFrames).toBe(0)
  })

  it('ends with its only file, but not with one of several', async () => {
    const { engine, states, hasEnded } = start()
    const short = clips.testPicture('short.mp4', '320x180', 30, 1)
    const once = (id: string, change: Partial<SceneItem> = {}): SceneItem =>
      item(id, short, { source: { kind: 'file', path: short, loop: false }, ...change })
    const long = item('long', clips.testPicture('long.mp4', '320x180', 30, 20), { place: corner })
    await engine.setScenes(scenes([once('x'), long]))
    expect(await eventually(() => states.at(-1)!.items[0]?.state === 'ended')).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(hasEnded()).toBe(false)
    // Again from its start, when it is asked for.
    expect(await engine.restartSceneItem('x')).toMatchObject({ label: 'short.mp4' })
    await engine.setScenes(scenes([once('y')]))
    expect(await eventually(() => hasEnded())).toBe(true)
    expect(states.at(-1)).toEqual({ shownId: null, nextId: null, items: [] })
    await expect(engine.restartSceneItem('y')).rejects.toMatchObject({ code: 'no-item' })
    await engine.setScenes(scenes([long]))
    expect(states.at(-1)).toMatchObject({ shownId: 's0', items: [{ itemId: 'long', state: 'open' }] })
  })

  it('plays a file at its own pace, alone or composed', async () => {
    const { engine, stats } = start()
    const path = clips.testPicture('pace.mp4', '320x180', 30, 20)
    for (const list of [[item('one', path)], [item('one', path), item('two', path, { place: corner })]]) {
      await engine.setScenes(scenes(list))
      const from = stats.length + 1
      const isSteady = (): boolean =>
        stats.length >= from + 3 && stats.slice(-3).every(({ fps }) => Math.abs(fps - 30) < 2.5)
      expect(await eventually(isSteady)).toBe(true)
    }
  })

  it('has its gifts in the encoded picture: seen by all where the scene has a place for them, and gone afterwards', async () => {
    const { engine, states } = start()
    const black = clips.make(...['-f', 'lavfi', '-i', 'color=black:s=320x180:r=30:d=2', '-pix_fmt', 'yuv420p', 'b.mp4'])
    const gifts = { ...newItem('gifts', '', { kind: 'gifts' }), place: { x: 0.5, y: 0, width: 0.5, height: 1 } }
    await engine.setScenes(scenes([item('black', black), gifts]))
    // a place for gifts is no source: the file goes straight to the encoder as it does alone
    expect(states.at(-1)!.items).toMatchObject([{ itemId: 'black', state: 'open' }])
    const show = new Show()
    await engine.startEncoding(show.handlers)
    const white = (width: number, height: number) => ({
      ...{ width, height, data: new Uint8Array(4 * width * height).fill(255) },
    })
    const alert = { motion: 'rise', showMs: 600, worth: 1, gift: white(64, 64), banner: white(64, 16) } as const
    await eventually(() => show.seconds >= 0.5, 20_000)
    engine.showAlert({ key: 'a/1', ...alert })
    await eventually(() => show.seconds >= 6.5, 30_000)
    await engine.stopEncoding()
    const path = show.save('gifts.mp4')
    expect(complaints(path)).toBe('')
    const light = brightness(path)
    const bright = light.flatMap((value, at) => (value > 25 ? [at] : []))
    expect(light[0]).toBeLessThan(18)
    expect(light.at(-1)).toBeLessThan(18)
    expect(bright.length).toBeGreaterThan(10)
    const right = clips.make('-i', path, '-vf', 'crop=160:180:160:0', '-c:v', 'libx264', 'right.mp4')
    const left = clips.make('-i', path, '-vf', 'crop=144:180:0:0', '-c:v', 'libx264', 'left.mp4')
    expect(Math.max(...brightness(left))).toBeLessThan(18)
    expect(Math.max(...brightness(right))).toBeGreaterThan(50)
  }, 60_000)

  it('says what is wrong with a file that is none, in its item', async () => {
    const { engine, states } = start()
    writeFileSync(clips.path('notes.mp4'), 'this is not a video')
    await engine.setScenes(scenes([item('bad', clips.path('notes.mp4'))]))
    expect(states.at(-1)!.items).toMatchObject([{ itemId: 'bad', state: 'failed', code: 'not-a-video' }])
    await expect(engine.restartSceneItem('bad')).rejects.toMatchObject({ code: 'not-a-video' })
  })
})
