/** Runs one thing after the other, in the order of asking; a failed one does not stop the next. */
export class WorkLine {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work)
    this.#last = mine.catch(() => undefined)
    return mine
  }

  /** Resolves when all that was asked for until now is done. */
  async idle(): Promise<void> {
    await this.#last
  }
}
