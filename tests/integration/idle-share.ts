import { cpus } from 'node:os'

/** Below this share of idle CPU a latency says more of the other programs than of ours (peer.md 17 rejects such runs). */
export const ENOUGH_IDLE = 0.2

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
