import type { AccessConfig } from '@shared/media/access-unit'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import type { MeshItem } from '@shared/mesh/mesh-item'

/** Turns the items of a mesh into what a player takes: configurations only when they change, pictures only when they can be decoded. */
export class UnitOrder {
  readonly #emit: (message: WatchFeedMessage) => void
  #config: AccessConfig | null = null
  #waitsForKey = true

  constructor(emit: (message: WatchFeedMessage) => void) {
    this.#emit = emit
  }

  take(item: MeshItem): void {
    if (item.t === 'config') {
      if (this.#config !== null && sameConfig(this.#config, item.config)) return
      this.#config = item.config
      this.#emit({ t: 'config', config: item.config })
    } else if (item.t === 'unit') {
      const { unit } = item
      if (this.#config?.id !== unit.configId) return
      if (unit.track === 'picture') {
        if (this.#waitsForKey && !unit.key) return
        this.#waitsForKey = false
      }
      this.#emit({ t: 'unit', unit })
    }
  }

  /** Chunks are missing: pictures go on with the next key picture, sound with the next frame. */
  gap(): void {
    if (this.#config === null) return
    this.#waitsForKey = true
    this.#emit({ t: 'gap', track: 'picture' })
    this.#emit({ t: 'gap', track: 'sound' })
  }
}

function sameConfig(a: AccessConfig, b: AccessConfig): boolean {
  return (
    a.id === b.id &&
    a.width === b.width &&
    a.height === b.height &&
    a.fps === b.fps &&
    Buffer.compare(a.avcC, b.avcC) === 0 &&
    Buffer.compare(a.asc, b.asc) === 0
  )
}
