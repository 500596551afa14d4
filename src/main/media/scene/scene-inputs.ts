import type { SceneItem } from '@shared/media/scene'
import type { PersonSettings } from '../person/person-effect'
import { SceneInput, type InputHost } from './scene-input'
import type { ScenePlan } from './scene-plan'

/** The opened sources of all scenes that are seen or are about to be, each once. */
export class SceneInputs {
  private readonly inputs = new Map<string, SceneInput>()
  private readonly closing = new Set<Promise<void>>()

  constructor(private readonly host: InputHost) {}

  /** The input of an item, opened if it is not yet. A device is opened once, a file for each item of its own id. */
  inputOf(item: SceneItem): SceneInput {
    const spec = JSON.stringify(Object.entries(item.source).sort())
    const key = item.source.kind === 'file' ? `${item.id} ${spec}` : spec
    let input = this.inputs.get(key)
    if (!input) {
      input = new SceneInput(key, item.source, this.host)
      this.inputs.set(key, input)
      void input.open()
    }
    return input
  }

  /** Closes what none of these scenes shows. */
  keep(plans: readonly ScenePlan[]): void {
    const used = new Set(plans.flatMap(({ items }) => items.map(({ input }) => input)))
    for (const [key, input] of this.inputs) {
      if (used.has(input)) continue
      this.inputs.delete(key)
      void this.close(input)
    }
  }

  /**
   * Says who is to work on people: each input itself where scenes are composed, and nobody here for the one whose
   * frames go straight through.
   */
  dress(plans: readonly ScenePlan[], straight: SceneInput | null): void {
    for (const input of this.inputs.values()) {
      input.wantsPerson = plans.some(({ drawn }) => drawn.some((one) => one.input === input && one.item.beautify))
      input.dress(input.wantsPerson && input !== straight)
      const shown = plans.flatMap(({ drawn }) => drawn.filter((one) => one.input === input))
      // Sound that must come earlier cannot: the picture waits for it.
      const earlyMs = Math.max(0, ...shown.map(({ item }) => -item.sound.delayMs))
      input.queue.lag = Math.ceil((earlyMs * this.host.format.fps) / 1000)
    }
  }

  setPerson(settings: PersonSettings): void {
    for (const input of this.inputs.values()) input.setPerson(settings)
  }

  /** Closes everything. */
  async close(only?: SceneInput): Promise<void> {
    for (const input of only ? [only] : this.inputs.values()) {
      const closed = input.close()
      this.closing.add(closed)
      void closed.finally(() => this.closing.delete(closed))
    }
    if (only) return
    this.inputs.clear()
    await Promise.all(this.closing)
  }
}
