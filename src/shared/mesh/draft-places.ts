import { MESH_LIMITS } from './mesh-settings'
import type { Place } from './mesh-message'
import { send, type MeshState } from './mesh-state'
import { ROOT, type Register } from './register'

const MOST_GHOSTS = 65_536

/** Places that were decided and are to be told: all of a member in one message. */
export class DraftPlaces<P extends string | number> {
  readonly #places = new Map<number, Place<P>[]>()
  /** Who died and may still hold a slot, by parent and stripe: the next child there takes it. */
  readonly #ghosts = new Map<number, P[]>()

  constructor(
    readonly state: MeshState<P>,
    readonly register: Register<P>,
  ) {}

  add(member: number, place: Place<P>): void {
    const places = this.#places.get(member)
    if (places) places.push(place)
    else this.#places.set(member, [place])
  }

  /** Somebody who died without a word and may still hold a slot of this parent; it is forgotten by asking. */
  ghostAt(parent: number, stripe: number): P | undefined {
    return this.#ghosts.get(this.register.at(parent, stripe))?.pop()
  }

  /** A member is gone. @param said it told so itself, and its parents let it go */
  gone(member: number, said: boolean): void {
    const { register } = this
    this.#places.delete(member)
    for (let stripe = 0; stripe < register.stripes; stripe++) {
      this.#ghosts.delete(register.at(member, stripe))
      if (!said) this.#leaveGhost(member, stripe)
    }
  }

  #leaveGhost(member: number, stripe: number): void {
    const { register } = this
    const parent = register.parent[register.at(member, stripe)]!
    if (parent < ROOT) return
    if (this.#ghosts.size > MOST_GHOSTS) this.#ghosts.clear()
    const at = register.at(parent, stripe)
    const ghosts = this.#ghosts.get(at)
    if (ghosts) ghosts.push(register.peers[member]!)
    else this.#ghosts.set(at, [register.peers[member]!])
  }

  /** Sends what was decided. */
  tell(): void {
    const { state, register } = this
    for (const [member, places] of this.#places) {
      const peer = register.peers[member]!
      for (let i = 0; i < places.length; i += MESH_LIMITS.places) {
        const part = places.length <= MESH_LIMITS.places ? places : places.slice(i, i + MESH_LIMITS.places)
        send(state, peer, { type: 'assign', room: register.size, places: part, grow: false, others: [] })
      }
    }
    this.#places.clear()
  }
}
