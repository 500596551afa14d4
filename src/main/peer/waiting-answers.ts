/** Questions of others that wait at once for the answer of another engine. */
const MAX_WAITING = 64

/** Questions of peers that were handed on to another engine over a port, until its answer or the end of the line. */
export class WaitingAnswers {
  readonly #waiting = new Map<number, (frames: Uint8Array[] | null) => void>()
  #lastId = 0

  /** Hands a question on under a number. Resolves to null when nobody answers or too many wait. */
  ask(handOn: (id: number) => void): Promise<Uint8Array[] | null> {
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve(null)
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      handOn(id)
    })
  }

  answer({ id, frames }: { id: number; frames: Uint8Array[] | null }): undefined {
    this.#waiting.get(id)?.(frames)
    this.#waiting.delete(id)
    return undefined
  }

  /** The line has ended: nobody will answer. */
  end(): void {
    for (const answer of this.#waiting.values()) answer(null)
    this.#waiting.clear()
  }
}
