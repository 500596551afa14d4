import { z } from 'zod'
import { RelayUrl, relayUrl } from './relay-url'

/** A relay run by somebody, at which the own lives are to be had too. Its key is kept apart, sealed. */
export const ForeignRelay = z.strictObject({ url: RelayUrl, enabled: z.boolean() })
export type ForeignRelay = z.infer<typeof ForeignRelay>

/** What the person enters. Null as key: the one that is kept. */
export const ForeignRelayChange = z.strictObject({
  /** Any address of the place at the relay (`foreignRelayUrl`). */
  address: z.string().max(200),
  key: z.string().min(1).max(200).nullable(),
  enabled: z.boolean(),
})
export type ForeignRelayChange = z.infer<typeof ForeignRelayChange>

/**
 * `none`: no relay is chosen. `off`: chosen, not used. `ready`: the next live goes there. While live: `connecting`,
 * `sending`, or `failed`, which is tried again by itself; `message` says why.
 */
export const ForeignRelayState = z.object({
  relay: ForeignRelay.nullable(),
  hasKey: z.boolean(),
  state: z.enum(['none', 'off', 'ready', 'connecting', 'sending', 'failed']),
  message: z.string(),
})
export type ForeignRelayState = z.infer<typeof ForeignRelayState>

/** How it goes with handing a show to a relay. */
export interface RelayPushState {
  /** Of the `RelayTarget`. */
  url: string
  state: 'connecting' | 'sending' | 'failed'
  /** Why, in plain words; empty unless failed. */
  message: string
}

/**
 * `http(s)://HOST[:PORT]/live/NAME.we` out of what people copy: that, the page for watching (`/watch/NAME`) or an address
 * for players. Null when it names no place at a relay.
 */
export function foreignRelayUrl(text: string): string | null {
  const [, base, name] =
    /^(https?:\/\/[^/?#@\s]+)\/(?:live|watch)\/([\w-]{1,48})(?:\.we|\.flv|\.mp4|\/(?:index|live)\.m3u8)?\/?$/i.exec(
      text.trim(),
    ) ?? []
  return base === undefined || name === undefined ? null : relayUrl(base, name)
}
