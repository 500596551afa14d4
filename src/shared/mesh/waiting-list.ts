/** So many are tried in vain in one go. */
const MOST_FAILING = 12

/** Who has no place, by stripe; uploaders come first, others in turn. */
export class WaitingList {
  readonly #uploaders: Set<number>[]
  readonly #others: Set<number>[]
  /** Which stripe is looked at first. */
  #turn = 0

  constructor(readonly stripes: number) {
    this.#uploaders = Array.from({ length: stripes }, () => new Set<number>())
    this.#others = Array.from({ length: stripes }, () => new Set<number>())
  }

  get isEmpty(): boolean {
    for (let stripe = 0; stripe < this.stripes; stripe++) if (this.lacks(stripe)) return false
    return true
  }

  /** Does anybody lack this stripe? */
  lacks(stripe: number): boolean {
    return this.#uploaders[stripe]!.size > 0 || this.#others[stripe]!.size > 0
  }

  add(member: number, stripe: number, uploads: boolean): void {
    ;(uploads ? this.#uploaders : this.#others)[stripe]!.add(member)
  }

  delete(member: number, stripe: number): void {
    this.#uploaders[stripe]!.delete(member)
    this.#others[stripe]!.delete(member)
  }

  /**
   * Tries to place who waits for stripes with `news` and takes the news away where all that can be was done.
   * @param vain after so many of a stripe in vain it is believed that nothing is free there
   * @param place true: it waits no longer
   */
  drain(news: Uint8Array, vain: number, place: (member: number, stripe: number) => boolean): void {
    let left = Math.max(vain, MOST_FAILING)
    this.#turn = (this.#turn + 1) % this.stripes
    for (let n = 0; n < this.stripes; n++) {
      const stripe = (this.#turn + n) % this.stripes
      if (news[stripe] === 0) continue
      if (left <= 0) return
      for (const waiting of [this.#uploaders[stripe]!, this.#others[stripe]!]) {
        const failed: number[] = []
        for (const member of waiting) {
          if (failed.length >= vain) break
          if (place(member, stripe)) waiting.delete(member)
          else failed.push(member)
        }
        left -= failed.length
        // Who could not be placed, for whom perhaps only few will do, does not keep the others from being tried next time.
        for (const member of failed) {
          waiting.delete(member)
          waiting.add(member)
        }
      }
      news[stripe] = 0
    }
  }
}
