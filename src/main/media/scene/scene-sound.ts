import type { MixerLevels } from '@shared/media/scene-state'
import { AUDIO_RATE } from '../capture-source'
import { BLOCK } from '../mixer/mixer-channel'
import { MIXER_DELAY, type MasterSettings, type MixedItem, type Mixer } from '../mixer/mixer'
import { samplesOfFrames } from '../studio-format'
import type { PlannedItem, ScenePlan } from './scene-plan'

/**
 * Sound that has not come so long after its picture is given up. The encoder takes no picture without sound, and there
 * are frames for a quarter of a second: to wait longer would stop everything.
 */
const PATIENCE = 0.1 * AUDIO_RATE

/** What is heard from a sample of the show on, until the next stage. */
export interface SoundStage {
  /** Sample of the show. */
  at: number
  plan: ScenePlan
  /** While fading: the scene that comes, and the sample at which it is all there. */
  next: ScenePlan | null
  end: number
}

/**
 * Mixes the sound that belongs to the pictures: each input's samples at the place of its frames, a scene's change at the
 * sample of the slot in which it is seen. What has not come yet is waited for a little, so sound may follow its picture
 * by some tenths of a second; both are counted, so they stay together.
 */
export class SceneSound {
  private stages: SoundStage[] = []
  private items: MixedItem[] = []
  /** Slots of the show so far. */
  private slots = 0

  constructor(
    private readonly mixer: Mixer,
    private readonly fps: number,
    private readonly emit: (pcm: Uint8Array) => void,
    /** As they are now. */
    private readonly master: () => MasterSettings,
  ) {}

  /** Sample of the show up to which everything is mixed. */
  get mixed(): number {
    return this.mixer.mixed
  }

  /** From the next slot on. */
  setStage(plan: ScenePlan, next: ScenePlan | null, fadeSlots: number): void {
    const at = this.samples(this.slots)
    this.stages = this.stages.filter((stage) => stage.at < at)
    this.stages.push({ at, plan, next, end: this.samples(this.slots + fadeSlots) })
  }

  /** A scene was edited: it sounds so at once. */
  replace(before: ScenePlan, now: ScenePlan): void {
    for (const stage of this.stages) {
      if (stage.plan === before) stage.plan = now
      if (stage.next === before) stage.next = now
    }
  }

  /** One more slot has been shown, or lost. */
  addSlots(count: number): void {
    this.slots += count
    this.pump()
  }

  /** Mixes what can be mixed. @param last nothing more will come */
  pump(last = false): void {
    const wanted = this.slots === 0 ? 0 : this.samples(this.slots) + MIXER_DELAY
    const must = last ? wanted : wanted - PATIENCE
    while (this.mixer.mixed < wanted) {
      const at = this.mixer.mixed
      const stage = this.stageAt(at)
      if (!stage) return
      const end = Math.min(at + BLOCK, wanted, this.stages[this.stages.indexOf(stage) + 1]?.at ?? wanted)
      const count = end - at
      this.collect(stage, at, count)
      if (at >= must && !this.allHere(stage, at, count)) return
      const pcm = this.mixer.add(this.items, count, this.master())
      if (pcm.length > 0) this.emit(pcm)
    }
  }

  takeLevels(): MixerLevels {
    return this.mixer.takeLevels()
  }

  private stageAt(at: number): SoundStage | undefined {
    while (this.stages.length > 1 && this.stages[1]!.at <= at) this.stages.shift()
    return this.stages[0]
  }

  private collect({ plan, next, at: begin, end }: SoundStage, at: number, count: number): void {
    const share = next ? Math.min(1, (at + count - begin) / Math.max(1, end - begin)) : 0
    this.items = []
    if (next) for (const item of next.drawn) this.addItem(item, at, share)
    for (const item of plan.drawn) this.addItem(item, at, next ? 1 - share : 1)
  }

  private addItem({ item, input }: PlannedItem, at: number, presence: number): void {
    if (!input.hasSound || input.alignment.offset === null) return
    const key = `${input.key}|${item.id}`
    const there = this.items.find((other) => other.key === key)
    if (there) {
      there.presence = Math.min(1, there.presence + presence)
      return
    }
    const from = at - input.alignment.offset
    this.items.push({ key, itemId: item.id, ring: input.ring, from, sound: item.sound, presence })
  }

  /** Whether the sound of every heard item has come. Who is late beyond patience is not waited for until it is back. */
  private allHere(stage: SoundStage, at: number, count: number): boolean {
    let here = true
    for (const { item, input } of [...stage.plan.drawn, ...(stage.next?.drawn ?? [])]) {
      const { offset } = input.alignment
      if (!input.isOpen || !input.hasSound || offset === null || item.sound.muted) continue
      const reach = input.ring.end + offset + (item.sound.delayMs * AUDIO_RATE) / 1000
      const now = this.samples(this.slots)
      if (now - reach < PATIENCE / 2) input.starved = false
      if (at + count <= reach) continue
      if (now - at > 0.9 * PATIENCE) input.starved = true
      else if (!input.starved) here = false
    }
    return here
  }

  private samples(slots: number): number {
    return samplesOfFrames(slots, this.fps, AUDIO_RATE)
  }
}
