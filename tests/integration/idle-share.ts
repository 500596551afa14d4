import { cpus } from 'node:os'

/** Below this share of idle CPU a latency says more of the other programs than of ours (peer.md 17 rejects such runs). */
export const ENOUGH_IDLE = 0.2

/**
 * The limit of a time for a machine with so much idle CPU: the one to keep, or on a busy one a wide one that tells only what
 * hangs from what is slow. Says so when it is the wide one.
 */
export function limitFor(idleShare: number, limitMs: number, busyMs: number): number {
  if (idleShare >= ENOUGH_IDLE) return limitMs
  console.warn(`NOT CHECKED: the machine was too busy for the limit of ${limitMs} ms; checked was ${busyMs} ms`)
  return busyMs
}

/** Starts measuring; the function it returns gives the share of CPU time (0 to 1) that was idle since. */
export function measureIdle(): () => number {
  const sum = (): { idle: number; all: number } =>
    cpus().reduce(
      (total, { times }) => ({
        idle: total.idle + times.idle,
        all: total.all + times.user + times.nice + times.sys + times.irq + times.idle,
      }),
      { idle: 0, all: 0 },
    )
  const before = sum()
  return () => {
    const after = sum()
    return (after.idle - before.idle) / Math.max(1, after.all - before.all)
  }
}
