import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { MeshItem } from '@shared/mesh/mesh-item'

/** A batch waits for its picture no longer than this: sound alone goes on. */
const LONGEST_WAIT_MS = 45

/**
 * Gathers what the encoder gives into batches of so many pictures, so that no picture waits for sound and sound travels
 * with the picture behind it. A key picture opens a batch, its configuration before it: viewers can begin there.
 */
export class UnitBatcher {
  readonly #onBatch: (items: MeshItem[], capturedAt: number, key: boolean) => void
  readonly #picturesPerBatch: number
  #config: AccessConfig | null = null
  #items: MeshItem[] = []
  #pictures = 0
  #key = false
  #capturedAt = 0
  #timer: NodeJS.Timeout | undefined

  /** @param onBatch `capturedAt`: of its newest picture, Unix milliseconds; of the picture before when it has none */
  constructor(picturesPerBatch: number, onBatch: (items: MeshItem[], capturedAt: number, key: boolean) => void) {
    this.#picturesPerBatch = picturesPerBatch
    this.#onBatch = onBatch
  }

  config(config: AccessConfig): void {
    this.flush()
    this.#config = config
  }

  unit(unit: AccessUnit): void {
    if (this.#config === null) return
    if (unit.track === 'sound') {
      this.#hold({ t: 'unit', unit })
      return
    }
    if (unit.key) {
      const sound = this.#pictures === 0 ? this.#items.splice(0) : []
      this.flush()
      this.#key = true
      this.#items.push({ t: 'config', config: this.#config }, ...sound)
    }
    this.#capturedAt = unit.capturedAt
    this.#pictures++
    this.#hold({ t: 'unit', unit })
    if (this.#pictures >= this.#picturesPerBatch) this.flush()
  }

  /** A segment was sealed; goes with the next batch. */
  segment(item: MeshItem & { t: 'segment' }): void {
    this.#hold(item)
  }

  /** Gives what is there. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const items = this.#items
    if (items.length === 0) return
    const key = this.#key
    this.#items = []
    this.#pictures = 0
    this.#key = false
    this.#onBatch(items, this.#capturedAt, key)
  }

  #hold(item: MeshItem): void {
    this.#items.push(item)
    this.#timer ??= setTimeout(() => this.flush(), LONGEST_WAIT_MS)
  }
}
