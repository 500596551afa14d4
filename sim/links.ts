import type { MeshAction } from '@shared/mesh/mesh-action'
import type { MeshNetwork } from './mesh-network'

const UNKNOWN = 0
const REACHED = 1
const DRY = 2
const ON_THE_WAY = 3

/**
 * Who hangs on whom, by viewer and stripe (`key * stripes + stripe`), kept up to date by the members' actions: looking at a
 * room of 100,000 must not cost more than simulating it. Pieces flow along links that both ends agree on.
 */
export class Links {
  /** The parent as the child believes; -1: none. */
  readonly parentOf: Int32Array
  readonly #agreed: Uint8Array
  readonly #reach: Uint8Array
  /** 1 for who takes pieces but passes none on that is true. */
  readonly mute: Uint8Array
  /** Circles along agreed links, seen by the last `reach`. */
  cycles = 0

  constructor(
    count: number,
    private readonly stripes: number,
  ) {
    this.parentOf = new Int32Array(count * stripes).fill(-1)
    this.mute = new Uint8Array(count)
    this.#agreed = new Uint8Array(count * stripes)
    this.#reach = new Uint8Array(count * stripes)
  }

  /** After the event that brought it was handled, so that `nodes` are as they are now. */
  took({ nodes }: Pick<MeshNetwork, 'nodes'>, key: number, action: MeshAction<number>): void {
    if (action.type === 'parent') {
      const at = key * this.stripes + action.stripe
      const { parent } = action
      this.parentOf[at] = parent ?? -1
      this.#agreed[at] = parent !== null && nodes[parent]!.view.children.find(key, action.stripe) >= 0 ? 1 : 0
    } else if (action.type === 'forward') {
      const at = action.child * this.stripes + action.stripe
      if (this.parentOf[at] === key) this.#agreed[at] = action.on ? 1 : 0
    }
  }

  /** 1 for each viewer and stripe that pieces of the source (key 0) reach now. The array is used again by the next call. */
  reach(alive: Uint8Array): Uint8Array {
    const { stripes, parentOf } = this
    const agreed = this.#agreed
    const reach = this.#reach.fill(UNKNOWN)
    reach.fill(REACHED, 0, stripes)
    const path: number[] = []
    this.cycles = 0
    for (let start = stripes; start < reach.length; start++) {
      let at = start
      let found = DRY
      for (;;) {
        const known = reach[at]!
        if (known !== UNKNOWN) {
          if (known === ON_THE_WAY) this.cycles++
          else found = known
          break
        }
        reach[at] = ON_THE_WAY
        path.push(at)
        const key = Math.floor(at / stripes)
        if (agreed[at] === 0 || alive[key] === 0 || alive[parentOf[at]!] === 0 || this.mute[parentOf[at]!] === 1) break
        at = parentOf[at]! * stripes + (at - key * stripes)
      }
      for (const passed of path) reach[passed] = found
      path.length = 0
    }
    return reach
  }
}
