import type { MeshMessage } from '@shared/mesh/mesh-message'

type Send = (to: string, message: MeshMessage<string>) => void

/**
 * Holds back what would set up links to second parents until the first one sends: two handshakes at once make a newcomer's
 * first picture later by one of them, and a second parent is of no use before there is something to repair.
 */
export class SecondParents {
  readonly #send: Send
  readonly #isLinked: (peer: string) => boolean
  /** Null: nothing is held back any more. */
  #held: { to: string; message: MeshMessage<string> }[] | null = []

  constructor(send: Send, isLinked: (peer: string) => boolean) {
    this.#send = send
    this.#isLinked = isLinked
  }

  /** True for a message that goes out later. Any other goes now, and what is held for the same peer before it. */
  hold(to: string, message: MeshMessage<string>): boolean {
    if (this.#held === null) return false
    if (message.type === 'attach' && message.mode === 'standby' && !this.#isLinked(to)) {
      this.#held.push({ to, message })
      return true
    }
    const due = this.#held.filter((held) => held.to === to)
    this.#held = this.#held.filter((held) => held.to !== to)
    for (const held of due) this.#send(to, held.message)
    return false
  }

  /** Whether this peer is a second parent that is not asked yet. */
  isHeld(peer: string): boolean {
    return this.#held?.some(({ to }) => to === peer) === true
  }

  /** From now on they are asked at once. */
  ask(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const { to, message } of held) this.#send(to, message)
  }
}
