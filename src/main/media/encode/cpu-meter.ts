import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks in a second of /proc/PID/stat; 100 on every Linux that Node runs on (sysconf(_SC_CLK_TCK)). */
const TICKS = 100

/**
 * CPU time of this process and the programs it has started, as a share of one core. Of the programs only Linux tells,
 * by /proc; elsewhere this process alone cannot say what the whole costs, so the answer is null.
 */
export class CpuMeter {
  private last: { at: number; ms: number; children: Map<number, number> } | null = null

  /** Percent of one core since the last call; null at the first and where it cannot be read. */
  take(): number | null {
    const children = childTimes()
    if (!children) return null
    const at = performance.now()
    const { user, system } = process.cpuUsage()
    const ms = (user + system) / 1000
    const { last } = this
    this.last = { at, ms, children }
    if (!last || at <= last.at) return null
    let spent = ms - last.ms
    // One that ended meanwhile takes its last part of a second with it.
    for (const [pid, time] of children) spent += time - (last.children.get(pid) ?? 0)
    return Math.round((spent / (at - last.at)) * 100)
  }
}

/** CPU milliseconds of each running child, those of worker threads' children included; null without /proc. */
export function childTimes(): Map<number, number> | null {
  try {
    const times = new Map<number, number>()
    for (const task of readdirSync('/proc/self/task')) {
      const pids = readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
      for (const pid of pids) times.set(pid, cpuOf(pid))
    }
    return times
  } catch {
    return null
  }
}

function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Fields 14 and 15, utime and stime, counted behind the name in brackets, which may hold spaces (man proc).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS
  } catch {
    return 0
  }
}
