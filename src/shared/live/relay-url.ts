import { z } from 'zod'

/** Relays that a broadcaster names at most. */
export const MAX_RELAYS = 3
const MAX_LENGTH = 128

/**
 * Where a relay hands a show on as it travels between peers: `http(s)://HOST[:PORT]/live/NAME.we`. No user, query or
 * fragment: whoever names one can make others ask for nothing but that path.
 */
export const RelayUrl = z
  .string()
  .max(MAX_LENGTH)
  .regex(/^https?:\/\/(\[[0-9a-f:]{2,39}\]|[A-Za-z0-9.-]{1,80})(:\d{1,5})?\/live\/[\w-]{1,48}\.we$/)

/** The address of a show at the relay `base` (`http://HOST:PORT`, with or without a path); null when it is none. */
export function relayUrl(base: string, name: string): string | null {
  const origin = /^https?:\/\/[^/?#@]+/i.exec(base.trim())?.[0].toLowerCase()
  const url = `${origin}/live/${name}.we`
  return RelayUrl.safeParse(url).success ? url : null
}
