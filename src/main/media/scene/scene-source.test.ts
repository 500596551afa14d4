import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { StudioError } from '@shared/errors'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import type { Scene, SceneCollection, SceneItem } from '@shared/media/scene'
import { defaultScenes, newItem, PLAIN_SOUND } from '@shared/media/scene-edit'
import type { MixerLevels, SceneState } from '@shared/media/scene-state'
import type { SourceSpec } from '@shared/media/source-spec'
import type { CaptureSink, CaptureSource } from '../capture-source'
import type { I420Frame } from '../i420'
import { MIXER_DELAY } from '../mixer/mixer'
import { BLOCK } from '../mixer/mixer-channel'
import { Clips, eventually } from '../testing/clips'
import { FakeParts } from '../testing/fake-parts'
import { ShowSink } from '../testing/show-sink'
import { SceneSource } from './scene-source'
import { loadCanvas } from './wasm-canvas'
import { limitFor, measureIdle } from '../../../../tests/integration/idle-share'

const clips = new Clips()
const format = { width: 64, height: 36, fps: 30 }
const open: SceneSource[] = []
const createCanvas = loadCanvas(await ensureKernel('scene'), (line) => {
  throw new Error(line)
})
afterEach(() => Promise.all(open.splice(0).map((source) => source.close())))
afterAll(() => clips.remove())

/** A source whose frames and sound the test makes; `run` makes them at 30 fps. */
class Manual implements CaptureSource {
  readonly info = { label: 'Manual', ...format, hasAudio: true }
  sink: CaptureSink | null = null
  closed = false
  made = 0
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly luma: (index: number) => number,
    private readonly tone = 0,
  ) {}

  start(sink: CaptureSink): void {
    this.sink = sink
    const begun = performance.now()
    this.timer = setInterval(() => {
      while (performance.now() - begun > (this.made * 1000) / 30) this.slot()
    }, 5)
  }

  private slot(): void {
    const pcm = new Int16Array(3200)
    for (let i = 0; i < 1600; i++) {
      pcm[2 * i] = pcm[2 * i + 1] = this.tone * 32767 * Math.sin(((this.made * 1600 + i) * 2 * Math.PI * 480) / 48_000)
    }
    const frame = this.sink?.acquire()
    if (frame) {
      frame.data.fill(128).fill(this.luma(this.made), 0, 64 * 36)
      this.sink?.commit(frame, performance.now())
    } else this.sink?.dropped(1)
    this.held.push(new Uint8Array(pcm.buffer))
    if (!this.holdsSound) for (const held of this.held.splice(0)) this.sink?.audio(held)
    this.made++
  }

  /** Its sound does not come for a while, then all at once. */
  holdsSound = false
  private readonly held: Uint8Array[] = []

  break(): void {
    clearInterval(this.timer)
    this.sink?.ended(new StudioError('camera-failed', 'The camera was unplugged.'))
  }

  close(): Promise<void> {
    this.closed = true
    clearInterval(this.timer)
    return Promise.resolve()
  }
}

/** Opens what the test has prepared, by the name of a camera. */
class Cameras {
  readonly opened: string[] = []
  readonly made = new Map<string, Manual>()

  constructor(private readonly make: Record<string, () => Manual>) {}

  openSource = (spec: SourceSpec): Promise<CaptureSource> => {
    const name = (spec.kind === 'camera' && spec.device) || ''
    const make = this.make[name]
    if (!make) return Promise.reject(new StudioError('camera-missing', `There is no camera "${name}".`))
    const source = make()
    this.opened.push(name)
    this.made.set(name, source)
    return Promise.resolve(source)
  }
}

const camera = (name: string, change: Partial<SceneItem> = {}): SceneItem => ({
  ...newItem(name, name, { kind: 'camera', device: name }),
  ...change,
})
const scene = (id: string, ...items: SceneItem[]): Scene => ({ id, name: id, items })
const collection = (...scenes: Scene[]): SceneCollection => ({
  ...{ ...defaultScenes({ kind: 'demo' }), scenes, currentId: scenes[0]!.id },
})
const right = { x: 0.5, y: 0, width: 0.5, height: 1 }
const corner = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 }

interface Seen {
  left: number
  middle: number
  right: number
  faces: number | undefined
}
const probe = ({ data }: I420Frame, faces: number | undefined): Seen => ({
  ...{ left: data[18 * 64 + 4]!, middle: data[9 * 64 + 32]!, right: data[30 * 64 + 60]!, faces },
})

async function begin(scenes: SceneCollection, openSource: (spec: SourceSpec) => Promise<CaptureSource>) {
  const states: SceneState[] = []
  const levels: MixerLevels[] = []
  const problems: StudioError[] = []
  const fake = new FakeParts(clips.ffmpeg)
  const source = new SceneSource(scenes, {
    ...{ ffmpegPath: clips.ffmpeg, format, openSource, createPerson: fake.createPerson, createCanvas },
    personSettings: { beauty: DEFAULT_BEAUTY, effects: DEFAULT_EFFECTS },
    onStraight: () => fake.resets++,
    onState: (state) => states.push(state),
    onLevels: (all) => levels.push(all),
    onProblem: (problem) => problems.push(problem),
    log: () => undefined,
    retryMs: [150],
  })
  open.push(source)
  const sink = new ShowSink(format, probe)
  await source.settled()
  source.start(sink)
  const until = async (slots: number): Promise<void> => {
    expect(await eventually(() => sink.slots >= slots)).toBe(true)
  }
  return { source, sink, states, levels, problems, fake, until }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
/** Slots and sound agree, but for 13 ms that limiter and mixer hold; sound may follow its picture by a moment. */
const agree = (sink: ShowSink<Seen>): Promise<boolean> =>
  eventually(() => {
    expect(sink.samples).toBeLessThanOrEqual(sink.slots * 1600)
    return sink.samples >= sink.slots * 1600 - MIXER_DELAY - BLOCK
  })

describe('one item over the whole canvas', () => {
  it('goes straight through: its own frames in order, its own sound bit for bit, its person left to the engine', async () => {
    const cameras = new Cameras({ one: () => new Manual((index) => 16 + (index % 200), 0.3) })
    const { sink, until, fake } = await begin(collection(scene('a', camera('one'))), cameras.openSource)
    await until(40)
    const levels = sink.seen.map(({ left }) => left)
    const first = levels[0]!
    expect(levels).toEqual(levels.map((_, i) => 16 + ((first - 16 + i) % 200)))
    expect(new Set(sink.seen.slice(1).map(({ faces }) => faces))).toEqual(new Set([undefined]))
    expect(sink.lost + fake.tracked).toBe(0)
    const sound = sink.sound()
    // The sound of the first frame shown: frames that were made before are left out, and so is theirs.
    const from = (first - 16) * 1600
    for (let i = 2000; i < 30_000; i++) {
      const wanted = Math.trunc(0.3 * 32767 * Math.sin(((from + i) * 2 * Math.PI * 480) / 48_000)) / 32768
      expect(sound[i], `${i}`).toBeCloseTo(wanted, 9)
    }
    expect(await agree(sink)).toBe(true)
  })

  it('without a person in it is passed on as finished', async () => {
    const cameras = new Cameras({ one: () => new Manual(() => 90) })
    const { sink, until } = await begin(collection(scene('a', camera('one', { beautify: false }))), cameras.openSource)
    await until(10)
    expect(sink.seen.slice(2).every(({ faces }) => faces === 0)).toBe(true)
  })
})

describe('several items', () => {
  const two = (): Cameras =>
    new Cameras({ back: () => new Manual(() => 60, 0.2), front: () => new Manual(() => 180, 0.1) })

  it('lie over each other where they were put, at 30 slots a second, with all their sound', async () => {
    const cameras = two()
    const { sink, until } = await begin(
      collection(scene('a', camera('back'), camera('front', { place: corner, beautify: false }))),
      cameras.openSource,
    )
    await until(60)
    expect(sink.seen.slice(5).every(({ left, middle, right: r }) => left === 60 && middle === 60 && r === 180)).toBe(
      true,
    )
    const rate = (): number => (sink.seen.length - 1) / ((sink.timesMs.at(-1)! - sink.timesMs[0]!) / 1000)
    expect(await eventually(() => Math.abs(rate() - 30) < 0.5)).toBe(true)
    expect(sink.lost).toBe(0)
    expect(await agree(sink)).toBe(true)
    const peak = Math.max(...sink.sound().subarray(20_000, 60_000))
    expect(peak).toBeGreaterThan(0.2)
    expect(peak).toBeLessThan(0.301)
  })

  it('are worked on one by one, and only those with a person', async () => {
    const cameras = two()
    const { sink, until, fake } = await begin(
      collection(scene('a', camera('back', { beautify: false }), camera('front', { place: corner }))),
      cameras.openSource,
    )
    fake.onApply = (frame) => frame.data.fill(222, 0, 64 * 36)
    await until(30)
    expect(sink.seen.at(-1)).toEqual({ left: 60, middle: 60, right: 222, faces: 1 })
    expect(fake.tracked).toBeLessThanOrEqual(cameras.made.get('front')!.made)
    expect(fake.tracked).toBeGreaterThan(20)
  })

  it('can be hidden, moved and reordered while they run; nothing is opened anew, hidden ones are silent', async () => {
    const cameras = two()
    const [back, front] = [camera('back'), camera('front', { place: right, fit: 'stretch', beautify: false })]
    const { source, sink, until } = await begin(collection(scene('a', back, front)), cameras.openSource)
    await until(10)
    source.update(collection(scene('a', back, { ...front, place: { ...right, x: 0 } })))
    await until(sink.slots + 3)
    expect(sink.seen.at(-1)).toMatchObject({ left: 180, right: 60 })
    source.update(collection(scene('a', back, { ...front, visible: false })))
    await until(sink.slots + 3)
    expect(sink.seen.at(-1)).toMatchObject({ left: 60, right: 60 })
    source.update(collection(scene('a', front, back)))
    await until(sink.slots + 30)
    expect(sink.seen.at(-1)).toMatchObject({ left: 60, right: 60 })
    source.update(collection(scene('a', front)))
    await until(sink.slots + 30)
    expect(sink.seen.at(-1)).toMatchObject({ left: 16, right: 180 })
    expect(cameras.made.get('back')!.closed).toBe(true)
    expect(cameras.opened.sort()).toEqual(['back', 'front'])
    expect(await agree(sink)).toBe(true)
    expect(Math.max(...sink.sound().subarray(-8000))).toBeLessThan(0.101)
  })

  it('of one camera share it', async () => {
    const cameras = two()
    const again = { ...camera('back', { place: corner }), id: 'again' }
    const { until } = await begin(collection(scene('a', camera('back'), again)), cameras.openSource)
    await until(5)
    expect(cameras.opened).toEqual(['back'])
  })
})

describe('a change of the scene', () => {
  const three = (): Cameras =>
    new Cameras({
      one: () => new Manual(() => 40, 0.3),
      two: () => new Manual(() => 200, 0.05),
      both: () => new Manual(() => 120),
    })
  const [a, b] = [
    scene('a', camera('one', { beautify: false }), camera('both', { place: corner, beautify: false })),
    scene('b', camera('two', { beautify: false }), camera('both', { place: corner, beautify: false })),
  ]

  it('by a cut is whole within one frame, in picture and sound, and opens nothing twice', async () => {
    const cameras = three()
    const { source, sink, until, states } = await begin(collection(a, b), cameras.openSource)
    await until(20)
    source.update({ ...collection(a, b), currentId: 'b' })
    await until(50)
    const cut = sink.seen.findIndex(({ left }) => left === 200)
    expect(cut).toBeGreaterThan(19)
    sink.seen.slice(3).forEach(({ left, right: r }, i) => {
      expect(left).toBe(i + 3 < cut ? 40 : 200)
      expect(r).toBe(120)
    })
    expect(await agree(sink)).toBe(true)
    const sound = sink.sound()
    const peak = (from: number, to: number): number => Math.max(...sound.subarray(from, to))
    expect(peak((cut - 1) * 1600, cut * 1600)).toBeGreaterThan(0.25)
    expect(peak(cut * 1600 + 800, (cut + 1) * 1600)).toBeLessThan(0.06)
    expect(cameras.opened.sort()).toEqual(['both', 'one', 'two'])
    expect(cameras.made.get('one')!.closed).toBe(true)
    expect(cameras.made.get('both')!.closed).toBe(false)
    expect(states.at(-1)).toMatchObject({ shownId: 'b', nextId: null, items: [{ state: 'open' }, { state: 'open' }] })
  })

  it('by a fade goes evenly from one to the other, and midway is the mean', async () => {
    const cameras = three()
    const fading = { ...collection(a, b), transition: { kind: 'fade' as const, ms: 1000 } }
    const { source, sink, until } = await begin(fading, cameras.openSource)
    await until(10)
    source.update({ ...fading, currentId: 'b' })
    await eventually(() => sink.seen.at(-1)?.left === 200)
    const levels = sink.seen.map(({ left }) => left)
    const first = levels.findIndex((level) => level > 40)
    const share = (k: number): number => levels[first + k - 1]!
    for (let k = 1; k <= 30; k++) expect(Math.abs(share(k) - (40 + (160 * k) / 30))).toBeLessThanOrEqual(1)
    expect(share(15)).toBe(120)
    expect(sink.seen.slice(3).every(({ right: r }) => r === 120)).toBe(true)
    await until(sink.slots + 5)
    expect(cameras.opened.sort()).toEqual(['both', 'one', 'two'])
    expect(await agree(sink)).toBe(true)
    const sound = sink.sound().subarray((first + 13) * 1600, (first + 15) * 1600)
    // The means of both tones, which have the same pitch but not the same phase.
    expect(Math.max(...sound)).toBeGreaterThan(0.11)
    expect(Math.max(...sound)).toBeLessThan(0.2)
  })

  it('between whole pictures stays straight, and slots and samples are counted on', async () => {
    const cameras = three()
    const whole = [
      scene('x', camera('one')),
      scene('y', camera('two')),
      scene('z', camera('one'), camera('both', { place: corner })),
    ]
    const all = collection(...whole)
    const { source, sink, until } = await begin(all, cameras.openSource)
    const idle = measureIdle()
    for (const [i, currentId] of ['y', 'x', 'z', 'y', 'z', 'x'].entries()) {
      source.update({ ...all, currentId, transition: { kind: i % 2 === 0 ? 'cut' : 'fade', ms: 100 } })
      await wait(300)
    }
    await until(sink.slots + 10)
    expect(await agree(sink)).toBe(true)
    const seconds = (): number => (sink.timesMs.at(-1)! - sink.timesMs[0]!) / 1000
    expect(await eventually(() => Math.abs(sink.slots / 30 - seconds()) < 0.3)).toBe(true)
    const gaps = sink.timesMs.slice(1).map((time, i) => time - sink.timesMs[i]!)
    expect(Math.max(...gaps)).toBeLessThan(limitFor(idle(), 150, 3000))
  })
})

describe('a source that goes away', () => {
  it('is shown dimmed while the others go on without a gap, is said, and comes back by itself', async () => {
    const cameras = new Cameras({ back: () => new Manual(() => 60), front: () => new Manual(() => 216) })
    const { sink, until, states } = await begin(
      collection(scene('a', camera('back', { beautify: false }), camera('front', { place: corner, beautify: false }))),
      cameras.openSource,
    )
    await until(20)
    cameras.made.get('front')!.break()
    await eventually(() => sink.seen.at(-1)?.right === 91)
    expect(sink.seen.at(-1)).toMatchObject({ left: 60, right: 91 })
    expect(states.at(-1)!.items[1]).toEqual({
      ...{ itemId: 'front', state: 'failed', code: 'camera-failed', message: 'The camera was unplugged.' },
    })
    expect(await eventually(() => sink.seen.at(-1)?.right === 216)).toBe(true)
    expect(cameras.opened).toEqual(['back', 'front', 'front'])
    expect(states.at(-1)!.items[1]).toMatchObject({ state: 'open' })
    expect(sink.lost).toBe(0)
    await until(sink.slots + 20)
    expect(await agree(sink)).toBe(true)
  })

  it('as the only one leaves its last picture, and a clock that goes on', async () => {
    const cameras = new Cameras({ only: () => new Manual(() => 216) })
    const { sink, until, fake } = await begin(collection(scene('a', camera('only'))), cameras.openSource)
    await until(20)
    cameras.made.get('only')!.break()
    expect(await eventually(() => sink.seen.at(-1)?.left === 91)).toBe(true)
    expect(fake.applied).toHaveLength(1) // nobody is shown without the retouch
    expect(await eventually(() => sink.seen.at(-1)?.left === 216)).toBe(true)
    expect(await agree(sink)).toBe(true)
  })

  it('that never opens leaves black, and can be tried again at once', async () => {
    const cameras = new Cameras({ back: () => new Manual(() => 60) })
    const { source, sink, until, states } = await begin(
      collection(
        scene('a', camera('none', { place: right }), camera('back', { place: { ...right, x: 0 }, fit: 'stretch' })),
      ),
      cameras.openSource,
    )
    await until(10)
    expect(sink.seen.at(-1)).toMatchObject({ left: 60, right: 16 })
    expect(states.at(-1)!.items[0]).toMatchObject({ itemId: 'none', state: 'failed', code: 'camera-missing' })
    await expect(source.restart('none')).rejects.toMatchObject({ code: 'camera-missing' })
    await expect(source.restart('other')).rejects.toMatchObject({ code: 'no-item' })
    expect(await source.restart('back')).toMatchObject({ label: 'Manual' })
  })
})

it('sound that was late is heard again as soon as it is in time, alone or composed', async () => {
  for (const items of [[camera('one')], [camera('one'), camera('two', { place: corner })]]) {
    const cameras = new Cameras({ one: () => new Manual(() => 60, 0.5), two: () => new Manual(() => 90) })
    const { sink, until } = await begin(collection(scene('a', ...items)), cameras.openSource)
    await until(10)
    const one = cameras.made.get('one')!
    one.holdsSound = true
    await wait(600)
    // Nobody has waited for it.
    expect(sink.samples).toBeGreaterThan((sink.slots - 10) * 1600)
    expect(Math.max(...sink.sound().subarray(-3000))).toBe(0)
    one.holdsSound = false
    await until(sink.slots + 15)
    expect(Math.max(...sink.sound().subarray(-6000))).toBeGreaterThan(0.4)
    expect(await agree(sink)).toBe(true)
  }
})

it('a picture waits for sound that is asked for earlier, and the sound is there', async () => {
  const cameras = new Cameras({ one: () => new Manual((index) => 16 + (index % 200), 0.5) })
  const early = camera('one', { beautify: false, sound: { ...PLAIN_SOUND, delayMs: -200 } })
  const { sink, until } = await begin(collection(scene('a', early)), cameras.openSource)
  await until(60)
  const behind = (): number => (cameras.made.get('one')!.made - 1 - (sink.seen.at(-1)!.left - 16)) % 200
  expect(await eventually(() => behind() >= 6 && behind() <= 9)).toBe(true)
  expect(Math.max(...sink.sound().subarray(-8000))).toBeGreaterThan(0.45)
  expect(await agree(sink)).toBe(true)
})

it('meters come about twelve times a second, for what is seen', async () => {
  const cameras = new Cameras({ back: () => new Manual(() => 60, 0.5), front: () => new Manual(() => 200, 0.25) })
  const hidden = camera('front', { visible: false })
  const { levels, until } = await begin(collection(scene('a', camera('back'), hidden)), cameras.openSource)
  await until(45)
  expect(levels.length).toBeGreaterThanOrEqual(10)
  const { items, master } = levels.at(-2)!
  expect(items.map(({ itemId }) => itemId)).toEqual(['back'])
  expect(items[0]!.peakDb).toBeCloseTo(-6, 0)
  expect(master.rmsDb).toBeCloseTo(-9, 0)
})
