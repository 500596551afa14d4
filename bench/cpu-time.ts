import { childTimes } from '../src/main/media/encode/cpu-meter'

/** CPU milliseconds of this process, worker threads included. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** CPU milliseconds of the running child processes (not of theirs); 0 where there is no /proc. */
export function childrenCpuMs(): number {
  return [...(childTimes()?.values() ?? [])].reduce((sum, ms) => sum + ms, 0)
}
