/** How many connections there are, in all and from each address. */
export class ConnectionCount {
  private all = 0
  private readonly each = new Map<string, number>()

  constructor(
    private readonly most: number,
    private readonly mostEach: number,
  ) {}

  /** Counts one in; returns how to count it out again, null when there is no room. */
  enter(address: string): (() => void) | null {
    const count = this.each.get(address) ?? 0
    if (this.all >= this.most || count >= this.mostEach) return null
    this.all++
    this.each.set(address, count + 1)
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.all--
      const left = this.each.get(address)! - 1
      if (left === 0) this.each.delete(address)
      else this.each.set(address, left)
    }
  }
}
