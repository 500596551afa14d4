import { channelName, type Schema } from '@shared/ipc/channel'
import { studioSchema, type StudioClient } from '@shared/ipc/studio-schema'

type Answers = Partial<Record<string, (input: never) => unknown>>

/**
 * Main's place in component tests, made by walking the real schema: answers are given by channel name, e.g.
 * `{ 'live.start': (details) => ... }`, and everything said passes the schema's own parser, so that a test cannot use a
 * shape that main would refuse. Calls without an answer resolve with nothing.
 */
export function fakeStudioClient(answers: Answers = {}) {
  const calls: [channel: string, input: unknown][] = []
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const client: Record<string, Record<string, unknown>> = {}

  const schema: Schema = studioSchema
  for (const [group, channels] of Object.entries(schema)) {
    const made: Record<string, unknown> = (client[group] = {})
    for (const [name, channel] of Object.entries(channels)) {
      const full = channelName(group, name)
      if (channel.kind === 'invoke') {
        made[name] = async (input: unknown): Promise<unknown> => {
          const parsed: unknown = channel.input.parse(input)
          calls.push([full, parsed])
          const answer = answers[full] as ((input: unknown) => unknown) | undefined
          return answer === undefined ? undefined : channel.output.parse(await answer(parsed))
        }
      } else {
        const heard = new Set<(payload: unknown) => void>()
        listeners.set(full, heard)
        made[name] = (listener: (payload: unknown) => void) => {
          heard.add(listener)
          return () => heard.delete(listener)
        }
      }
    }
  }

  return {
    client: client as unknown as StudioClient,
    /** Inputs of the calls of one channel, oldest first. */
    callsOf: (channel: string): unknown[] => calls.filter(([name]) => name === channel).map(([, input]) => input),
    /** Says something as main would. */
    emit: (channel: string, payload: unknown): void => listeners.get(channel)?.forEach((listener) => listener(payload)),
  }
}
