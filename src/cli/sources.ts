import { MediaEngine } from '../main/media/media-engine'
import type { CommandContext } from './context'

/** `we sources`: what can be broadcast from this machine, besides any video file. */
export async function sourcesCommand({ output, ...paths }: CommandContext): Promise<number> {
  const engine = new MediaEngine({ ...paths, log: output.log })
  try {
    const sources = await engine.listSources()
    if (output.json) output.line(JSON.stringify(sources))
    else for (const { label, spec } of sources) output.line(`${spec.kind.padEnd(10)} ${label}`)
    return 0
  } finally {
    await engine.close()
  }
}
