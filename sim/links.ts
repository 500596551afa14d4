import type { MeshAction } from '@shared/mesh/mesh-action'
import type { MeshNetwork } from './mesh-network'

const UNKNOWN = 0
const REACHED = 1
const DRY = 2
const ON_THE_WAY = 3

/**
 * Who hangs on whom, by stripe and viewer (`stripe * count + key`, so that a tree is walked within few megabytes), kept up to
 * date by the members' actions: looking at a room must not cost more than simulating it. Pieces flow along links that both
 * ends agree on.
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
  #path = new Int32Array(1_024)

  constructor(
    readonly count: number,
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
      const at = this.at(key, action.stripe)
      const { parent } = action
      this.parentOf[at] = parent ?? -1
      this.#agreed[at] = parent !== null && nodes[parent]!.view.children.find(key, action.stripe) >= 0 ? 1 : 0
    } else if (action.type === 'forward') {
      const at = this.at(action.child, action.stripe)
      if (this.parentOf[at] === key) this.#agreed[at] = action.on ? 1 : 0
    }
  }

  at(key: number, stripe: number): number {
    return stripe * this.count + key
  }

  /** 1 for each stripe and viewer that pieces of the source (key 0) reach now, 2 where they do not. The array is used again by the next call. */
  reach(alive: Uint8Array): Uint8Array {
    const { stripes, count } = this
    const reach = this.#reach.fill(UNKNOWN)
    this.cycles = 0
    for (let stripe = 0; stripe < stripes; stripe++) {
      const [from, until] = [stripe * count, (stripe + 1) * count]
      const parents = this.parentOf.subarray(from, until)
      this.#reachOf(alive, parents, this.#agreed.subarray(from, until), reach.subarray(from, until))
    }
    return reach
  }

  #reachOf(alive: Uint8Array, parents: Int32Array, agreed: Uint8Array, reach: Uint8Array): void {
    const { mute } = this
    let path = this.#path
    reach[0] = REACHED
    for (let start = 1; start < reach.length; start++) {
      let key = start
      let length = 0
      let found = DRY
      for (;;) {
        const known = reach[key]!
        if (known !== UNKNOWN) {
          if (known === ON_THE_WAY) this.cycles++
          else found = known
          break
        }
        reach[key] = ON_THE_WAY
        if (length === path.length) {
          path = new Int32Array(2 * length)
          path.set(this.#path)
          this.#path = path
        }
        path[length++] = key
        const parent = parents[key]!
        if (agreed[key] === 0 || alive[key] === 0 || alive[parent] === 0 || mute[parent] === 1) break
        key = parent
      }
      for (let n = 0; n < length; n++) reach[path[n]!] = found
    }
  }
}
