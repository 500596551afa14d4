/** Answers to one peer that are made or sent at once, over all protocols; each is 1 MiB, of a room 2. */
const MOST_OF_PEER = 2
/** Bytes of answers that wait for all peers together. */
const MOST_BYTES = 24 * 1024 * 1024

const shares = new WeakMap<object, AnswerShare>()

/** How much of this node's memory answers to questions of others may take while they are sent: a peer need not read them. */
export class AnswerShare {
  readonly #answering = new Map<string, number>()
  #bytes = 0

  /** The one of a node, for all of its protocols. */
  static of(node: object): AnswerShare {
    const known = shares.get(node)
    if (known !== undefined) return known
    const share = new AnswerShare()
    shares.set(node, share)
    return share
  }

  /** Begins an answer; false when the peer has as many as it may. `end` follows. */
  begin(peer: string): boolean {
    const count = this.#answering.get(peer) ?? 0
    if (count >= MOST_OF_PEER) return false
    this.#answering.set(peer, count + 1)
    return true
  }

  end(peer: string): void {
    const count = (this.#answering.get(peer) ?? 0) - 1
    if (count > 0) this.#answering.set(peer, count)
    else this.#answering.delete(peer)
  }

  /** Keeps so many bytes; false when there is no room for them. `drop` follows. */
  keep(bytes: number): boolean {
    if (this.#bytes + bytes > MOST_BYTES) return false
    this.#bytes += bytes
    return true
  }

  drop(bytes: number): void {
    this.#bytes -= bytes
  }
}
