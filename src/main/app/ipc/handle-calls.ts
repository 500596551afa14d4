import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import type { z } from 'zod'
import { reportError, StudioError } from '@shared/errors'
import { channelName, type Answer, type Schema } from '@shared/ipc/channel'
import { studioSchema, type StudioSchema } from '@shared/ipc/studio-schema'
import type { Handlers } from '@shared/ipc/channel'

/** True for a message from the top frame of our own page; everything else is refused. */
export type TrustCheck = (event: IpcMainInvokeEvent) => boolean

type AnyHandler = (input: unknown) => unknown

/** Registers every call of the schema: checks the sender, parses the input, answers errors as data. */
export function handleCalls(handlers: Handlers<StudioSchema>, isTrusted: TrustCheck): void {
  for (const [group, channels] of Object.entries(studioSchema as Schema)) {
    for (const [name, channel] of Object.entries(channels)) {
      if (channel.kind !== 'invoke') continue
      const handler = (handlers as Record<string, Record<string, AnyHandler>>)[group]?.[name]
      if (!handler) throw new Error(`No handler for ${channelName(group, name)}`)
      ipcMain.handle(channelName(group, name), async (event, raw: unknown): Promise<Answer<unknown>> => {
        try {
          if (!isTrusted(event)) throw new StudioError('untrusted-sender', 'This page may not use the studio.')
          const input = channel.input.safeParse(raw)
          if (!input.success) {
            throw new StudioError('bad-input', input.error.issues[0]?.message ?? 'The request was not understood.')
          }
          return { ok: true, value: await handler(input.data) }
        } catch (error) {
          return { ok: false, error: reportError(error) }
        }
      })
    }
  }
}

type Payload<G extends keyof StudioSchema, C extends keyof StudioSchema[G]> = StudioSchema[G][C] extends {
  kind: 'notify'
  payload: infer P extends z.ZodType
}
  ? z.input<P>
  : never

/** Sends a notification to the window, if there is one. */
export type Notifier = <G extends keyof StudioSchema, C extends keyof StudioSchema[G] & string>(
  group: G,
  name: C,
  payload: Payload<G, C>,
) => void

export function notifier(target: () => WebContents | null): Notifier {
  return (group, name, payload) => {
    const contents = target()
    if (contents && !contents.isDestroyed()) contents.send(channelName(group, name), payload)
  }
}
