import { Session } from 'node:inspector/promises'

const ROWS = 22

/** Profiles this process from now on; the returned function ends it and says in which functions the time went, own time, by share. */
export async function profileTop(): Promise<() => Promise<string[]>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 500 })
  await session.post('Profiler.start')
  return async () => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    const own = new Map<string, number>()
    const names = new Map(
      profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
        id,
        `${functionName || '(anonymous)'} ${url.split('/').slice(-1)[0]}:${lineNumber + 1}`,
      ]),
    )
    let total = 0
    for (const [index, id] of (profile.samples ?? []).entries()) {
      const us = profile.timeDeltas?.[index] ?? 0
      const name = names.get(id) ?? '?'
      if (name.startsWith('(idle)')) continue
      total += us
      own.set(name, (own.get(name) ?? 0) + us)
    }
    return [...own]
      .sort((a, b) => b[1] - a[1])
      .slice(0, ROWS)
      .map(([name, us]) => `  ${((us / total) * 100).toFixed(1).padStart(5)} %  ${name}`)
  }
}
