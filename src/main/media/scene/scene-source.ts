import { StudioError } from '@shared/errors'
import type { SceneCollection, SceneTransition } from '@shared/media/scene'
import { currentScene } from '@shared/media/scene-edit'
import type { MixerLevels, SceneItemState, SceneState } from '@shared/media/scene-state'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import type { CaptureSink, CaptureSource } from '../capture-source'
import { SlotPacer } from '../demo/slot-pacer'
import type { I420Frame } from '../i420'
import { Mixer } from '../mixer/mixer'
import type { PersonSettings } from '../person/person-effect'
import type { PersonWork } from '../person/person-work'
import type { StudioFormat } from '../studio-format'
import type { LayerSize } from './layer'
import { compose, type SceneCanvas } from './scene-canvas'
import { SceneInput, type InputHost, type StraightPath } from './scene-input'
import { SceneInputs } from './scene-inputs'
import { ScenePlan, type PlannedItem } from './scene-plan'
import { SceneSound } from './scene-sound'

/** How long a scene waits for its sources before it is shown without them. */
const SETTLE_MS = 6000
const LEVELS_MS = 80
/** A file that is the whole picture may be so far ahead of its time, slots. */
const MOST_AHEAD = 2
/** Without a free frame for so long, sound is not waited for any more. */
const STALLED_MS = 30

export interface SceneParts {
  ffmpegPath: string
  format: StudioFormat
  openSource(spec: SourceSpec): Promise<CaptureSource>
  createPerson(): PersonWork
  createCanvas: (size: LayerSize) => SceneCanvas
  personSettings: PersonSettings
  /** The picture is now one source, whose person the engine works on itself. */
  onStraight(): void
  onState(state: SceneState): void
  onLevels(levels: MixerLevels): void
  onProblem(error: StudioError): void
  log(line: string): void
  retryMs?: readonly number[]
}

/**
 * Scenes as one source. While one item is the whole picture, its frames go straight to the engine on their own clock
 * (the straight path); else this is the clock: 30 slots a second, each input's next frame in each. Sound is mixed
 * always. Slots and samples are counted on over every change, so that the show has one clock.
 */
export class SceneSource implements CaptureSource {
  readonly info: SourceInfo
  private readonly inputs: SceneInputs
  private readonly mixer: Mixer
  private readonly sound: SceneSound
  private readonly host: InputHost
  private person: PersonSettings
  private canvas: SceneCanvas | null = null
  private sink: CaptureSink | null = null
  private shown: ScenePlan | null = null
  private fade: { to: ScenePlan; start: number; slots: number } | null = null
  private pending: { plan: ScenePlan; since: number } | null = null
  private straight: PlannedItem | null = null
  private pacer: SlotPacer | null = null
  private pacerDelay: NodeJS.Timeout | undefined
  private levelTimer: NodeJS.Timeout | undefined
  private pendingTimer: NodeJS.Timeout | undefined
  /** Slots since the start, lost ones included. */
  private slots = 0
  private lastSlotMs = 0
  private startMs = 0
  private stalledMs: number | null = null
  /** Frames of the sink that were not used. */
  private readonly spare: I420Frame[] = []
  private closed = false
  private told = ''

  constructor(
    private collection: SceneCollection,
    private readonly parts: SceneParts,
  ) {
    const { format } = parts
    this.person = parts.personSettings
    this.info = { label: currentScene(collection).name, ...format, hasAudio: true }
    this.host = {
      format,
      openSource: (spec) => parts.openSource(spec),
      createPerson: () => parts.createPerson(),
      personSettings: () => this.person,
      changed: () => this.inputChanged(),
      soundCame: () => this.sound.pump(),
      log: (line) => parts.log(line),
      ...(parts.retryMs ? { retryMs: parts.retryMs } : {}),
    }
    this.inputs = new SceneInputs(this.host)
    this.mixer = new Mixer(parts.ffmpegPath, (error) => parts.onProblem(error))
    this.sound = new SceneSound(
      this.mixer,
      format.fps,
      (pcm) => this.sink?.audio(pcm),
      () => this.collection,
    )
    this.goTo(this.plan())
  }

  /** Resolves when the sources of the chosen scene are open or have failed, or after some seconds. */
  async settled(): Promise<void> {
    const end = Date.now() + SETTLE_MS
    while (!this.closed && this.pending && Date.now() < end && !this.pending.plan.isSettled) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  start(sink: CaptureSink): void {
    this.sink = sink
    this.startMs = performance.now()
    this.levelTimer = setInterval(() => this.parts.onLevels(this.sound.takeLevels()), LEVELS_MS)
    this.pendingTimer = setInterval(() => this.tryPending(), 100)
    this.tryPending(true)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    clearInterval(this.levelTimer)
    clearInterval(this.pendingTimer)
    this.stopPacer()
    await Promise.all([this.inputs.close(), this.mixer.close()])
  }

  /** Shows other scenes, items or settings from now on; a change of the scene with the transition that is set. */
  update(collection: SceneCollection): void {
    this.collection = collection
    const plan = this.plan()
    const { id } = plan.scene
    const target = this.pending?.plan ?? this.fade?.to ?? this.shown
    if (target?.scene.id !== id) this.goTo(plan)
    else if (this.pending) this.pending.plan = plan
    else if (this.fade) {
      this.sound.replace(this.fade.to, plan)
      this.fade.to = plan
    } else if (this.shown) {
      this.sound.replace(this.shown, plan)
      this.shown = plan
    }
    this.tryPending()
    this.settle()
  }

  setPerson(settings: PersonSettings): void {
    this.person = settings
    this.inputs.setPerson(settings)
  }

  /** Opens an item's source anew. @throws StudioError `no-item`, or what is wrong with it */
  async restart(itemId: string): Promise<SourceInfo> {
    const plans = [this.pending?.plan, this.fade?.to, this.shown]
    const found = plans.flatMap((plan) => plan?.items ?? []).find(({ item }) => item.id === itemId)
    if (!found) throw new StudioError('no-item', 'That source is not in the scene any more.')
    const { input } = found
    await input.restart()
    if (input.failure) throw new StudioError(input.failure.code, input.failure.message)
    if (!input.info) throw new StudioError('source-closed', 'Another source was chosen meanwhile.')
    return input.info
  }

  get state(): SceneState {
    const next = this.pending?.plan ?? this.fade?.to ?? null
    const items = new Map<string, SceneItemState>()
    for (const plan of [this.shown, next]) {
      for (const { item, input } of plan?.items ?? []) items.set(item.id, input.stateOf(item.id))
    }
    return { shownId: this.shown?.scene.id ?? null, nextId: next?.scene.id ?? null, items: [...items.values()] }
  }

  private plan(): ScenePlan {
    return new ScenePlan(currentScene(this.collection), (item) => this.inputs.inputOf(item), this.parts.format)
  }

  private goTo(plan: ScenePlan): void {
    this.endFade()
    this.pending = this.shown?.scene.id === plan.scene.id ? null : { plan, since: Date.now() }
    if (!this.pending) this.shown = plan
  }

  /** Begins the transition as soon as the new scene can be seen. */
  private tryPending(atOnce = false): void {
    const { pending, sink } = this
    if (!pending || !sink || this.closed) return
    if (!atOnce && !pending.plan.isSettled && Date.now() - pending.since < SETTLE_MS) return
    this.pending = null
    const before = this.shown
    const slots = this.fadeSlots(this.collection.transition)
    if (before && slots > 0) {
      this.fade = { to: pending.plan, start: this.slots, slots }
      this.sound.setStage(before, pending.plan, slots)
    } else {
      this.shown = pending.plan
      this.sound.setStage(pending.plan, null, 0)
    }
    this.settle()
  }

  private fadeSlots({ kind, ms }: SceneTransition): number {
    return kind === 'cut' ? 0 : Math.max(1, Math.round((ms * this.parts.format.fps) / 1000))
  }

  private endFade(): void {
    if (!this.fade) return
    this.shown = this.fade.to
    this.fade = null
    this.sound.setStage(this.shown, null, 0)
  }

  private inputChanged(): void {
    if (this.closed) return
    this.tryPending()
    this.settle()
  }

  /** Brings everything to what is to be seen: open inputs, who works on people, and which way frames go. */
  private settle(): void {
    if (this.closed) return
    const plans = [this.shown, this.fade?.to, this.pending?.plan].filter((plan) => plan !== null && plan !== undefined)
    this.inputs.keep(plans)
    if (this.sink && this.shown) this.chooseWay(this.fade ? null : this.openStraight(this.shown))
    // A scene that waits is prepared, unless its frames will go straight to the engine.
    const coming = this.pending?.plan.straight ?? null
    this.inputs.dress(plans, this.straight?.input ?? (this.shown ? null : (coming?.input ?? null)))
    const { state } = this
    const text = JSON.stringify(state)
    if (text !== this.told) this.parts.onState(state)
    this.told = text
    if (this.shown?.isOver === true && !this.fade && !this.pending) this.end()
  }

  private end(): void {
    const { sink } = this
    if (!sink) return
    this.stopPacer()
    this.sound.pump(true)
    this.sink = null
    sink.ended()
  }

  private openStraight({ straight }: ScenePlan): PlannedItem | null {
    return straight?.input.isOpen === true ? straight : null
  }

  private chooseWay(straight: PlannedItem | null): void {
    const before = this.straight
    this.straight = straight
    if (before && before.input !== straight?.input) before.input.setPath(null)
    if (!straight) {
      this.startPacer()
      return
    }
    if (before?.input === straight.input) return
    this.stopPacer()
    this.parts.onStraight()
    const path = this.straightPath(straight.input)
    // What was kept for composing: its newest goes out in place of the next slot.
    if (straight.input.queue.advanceToNewest()) this.passKept(straight.input, path)
    straight.input.setPath(path)
  }

  private passKept(input: SceneInput, path: StraightPath): void {
    const { queue, alignment, dressing, faces } = input
    // Not more slots than time has passed: or each change of the scene would put the show a slot ahead.
    const due = ((performance.now() - this.startMs) * this.parts.format.fps) / 1000
    const frame = this.slots < due ? path.acquire() : null
    if (!frame || !queue.shown) return
    frame.data.set(queue.shown.data)
    alignment.see(this.slots, queue.shownIndex)
    this.advanceOthers(input)
    this.commit(frame, performance.now(), dressing ? faces : undefined)
  }

  private straightPath(input: SceneInput): StraightPath {
    const isFile = input.spec.kind === 'file'
    const begun = performance.now() - (this.slots * 1000) / this.parts.format.fps
    const aheadMs = (): number =>
      isFile ? begun + ((this.slots - MOST_AHEAD) * 1000) / this.parts.format.fps - performance.now() : 0
    return {
      acquire: () => (aheadMs() > 0 ? null : this.acquire()),
      onFree: (callback) => {
        const wait = aheadMs()
        if (wait > 0) setTimeout(callback, wait)
        else this.sink?.onFree(callback)
      },
      commit: (frame, capturedAtMs, index) => {
        const { straight } = this
        if (straight?.input !== input) {
          this.spare.push(frame)
          return
        }
        input.alignment.see(this.slots, index)
        this.advanceOthers(input)
        this.commit(frame, capturedAtMs, straight.item.beautify ? undefined : 0)
      },
      dropped: (count) => this.drop(count),
      takeBack: (frame) => this.spare.push(frame),
    }
  }

  private acquire(): I420Frame | null {
    const frame = this.spare.pop() ?? this.sink?.acquire() ?? null
    if (frame) this.stalledMs = null
    else {
      this.stalledMs ??= performance.now()
      // The encoder may be waiting for sound: what there is of it must go out.
      if (performance.now() - this.stalledMs > STALLED_MS) this.sound.pump(true)
    }
    return frame
  }

  private commit(frame: I420Frame, capturedAtMs: number, dressedFaces?: number): void {
    this.lastSlotMs = performance.now()
    this.sink?.commit(frame, capturedAtMs, dressedFaces)
    this.slots++
    this.sound.addSlots(1)
  }

  private drop(count: number): void {
    this.slots += count
    this.sink?.dropped(count)
    this.sound.addSlots(count)
  }

  private advanceOthers(except: SceneInput | null): void {
    const seen = new Set<SceneInput>()
    for (const plan of [this.shown, this.fade?.to]) for (const { input } of plan?.items ?? []) seen.add(input)
    for (const input of seen) if (input !== except) input.advance(this.slots)
  }

  /** The faces that were found in what is seen. */
  private faces(items: readonly PlannedItem[]): number {
    return items.reduce((sum, { item, input }) => sum + (item.beautify ? input.faces : 0), 0)
  }

  private startPacer(): void {
    if (this.pacer) return
    const { fps } = this.parts.format
    this.pacer = new SlotPacer(fps, {
      make: (_index, dueMs) => this.makeSlot(dueMs),
      skip: (_first, count) => {
        for (let i = 0; i < count; i++) this.advanceOthers(null)
        this.drop(count)
      },
    })
    // The first slot is one slot after the last of the straight path.
    const wait = Math.max(0, this.lastSlotMs + 1000 / fps - performance.now())
    this.pacerDelay = setTimeout(() => this.pacer?.start(), this.slots === 0 ? 0 : wait)
  }

  private stopPacer(): void {
    clearTimeout(this.pacerDelay)
    this.pacer?.stop()
    this.pacer = null
  }

  /** One composed slot; false while the engine has no frame. */
  private makeSlot(dueMs: number): boolean {
    const { shown } = this
    const frame = this.acquire()
    if (!frame || !shown) return false
    this.advanceOthers(null)
    this.canvas ??= this.parts.createCanvas(this.parts.format)
    const { canvas, fade } = this
    compose(canvas, shown.drawn)
    if (fade) {
      compose(canvas, fade.to.drawn, canvas.next)
      canvas.fade(Math.min(1, (this.slots - fade.start + 1) / fade.slots))
    }
    frame.data.set(canvas.shown.data)
    this.commit(frame, dueMs, this.faces(shown.drawn))
    if (fade && this.slots - fade.start >= fade.slots) {
      this.endFade()
      this.settle()
    }
    return true
  }
}
