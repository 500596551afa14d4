import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import type { Effort } from '../overload'
import type { FaceChanger, FaceFinder, PersonEffect, PersonSettings } from './person-effect'

/**
 * All that is done to the picture of a person, in order: faces are found, retouched, made up, put before another
 * background, and dressed. One for each source with a person in it, because it remembers the picture before.
 */
export class PersonWork {
  settings: PersonSettings = { beauty: DEFAULT_BEAUTY, effects: DEFAULT_EFFECTS }

  constructor(
    private readonly finder: FaceFinder,
    private readonly changer: FaceChanger,
    /** In the order in which they are applied. */
    private readonly effects: readonly PersonEffect[],
    private readonly log: (line: string) => void,
  ) {}

  /** The faces of the newest picture, before any change. */
  get faces(): readonly Face[] {
    return this.finder.last
  }

  /** The settings ask for something. */
  get wanted(): boolean {
    return this.settings.beauty.enabled || this.effects.some((effect) => effect.wants(this.settings))
  }

  /**
   * Changes a picture in place. An effect that fails is left out and logged once.
   * @param timeMs of the picture in its source
   * @returns the faces that were found
   * @throws what the face finder or the retouch throws; the picture may be changed in part
   */
  async apply(frame: I420Frame, effort: Effort, timeMs: number): Promise<readonly Face[]> {
    const { settings } = this
    const wanted = this.effects.filter((effect) => effect.wants(settings))
    const needsFaces = settings.beauty.enabled || wanted.some((effect) => effect.needsFaces)
    const found = !needsFaces ? [] : effort.track ? await this.finder.track(frame) : this.finder.last
    let faces = found
    if (settings.beauty.enabled && effort.beauty !== 'none') {
      faces = this.changer.apply(frame, found, settings.beauty, effort.beauty)
    }
    for (const effect of wanted) {
      try {
        await effect.apply({ frame, faces, settings, timeMs, hurried: !effort.track })
      } catch (error) {
        this.complain(effect, error)
      }
    }
    return found
  }

  /** The next picture belongs to another source. */
  reset(): void {
    this.finder.reset()
    for (const effect of this.effects) effect.reset()
  }

  private readonly broken = new Set<PersonEffect>()

  private complain(effect: PersonEffect, error: unknown): void {
    if (this.broken.has(effect)) return
    this.broken.add(effect)
    this.log(`media: an effect failed, the picture goes on without it: ${String(error)}`)
  }
}
