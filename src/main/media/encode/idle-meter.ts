import { availableParallelism, cpus } from 'node:os'

/** How much of the processor nobody uses, other programs counted, too. */
export class IdleMeter {
  private last: { idle: number; all: number } | null = null

  /**
   * Percent of one core since the last call: two idle cores are 200. Null at the first call and where the system does not
   * tell.
   * @param ownPercent what this engine and its programs use: where a container allows fewer cores than there are, that
   *   bounds what is left; null: not known
   */
  take(ownPercent: number | null): number | null {
    const cores = cpus()
    let idle = 0
    let all = 0
    for (const { times } of cores) {
      idle += times.idle
      all += times.idle + times.user + times.nice + times.sys + times.irq
    }
    const { last } = this
    this.last = { idle, all }
    if (!last || all <= last.all) return null
    const free = (100 * cores.length * (idle - last.idle)) / (all - last.all)
    return Math.max(0, Math.min(free, 100 * availableParallelism() - (ownPercent ?? 0)))
  }
}
