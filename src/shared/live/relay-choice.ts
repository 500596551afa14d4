import { z } from 'zod'

/** 0: any free one; the one that was taken is kept for the next time, so that addresses stay as they are. */
const Port = z.int().min(0).max(65_535)

/** What the person wants of the relay of this app. */
export const RelayChoice = z.strictObject({
  on: z.boolean(),
  /** Others than this computer may reach it. */
  open: z.boolean(),
  /** How others reach it from outside this network: `http(s)://HOST[:PORT]`; left out: only by the addresses of this computer. */
  address: z.string().max(120).optional(),
  rtmpPort: Port,
  httpPort: Port,
  /** Lives that come in are recorded. The own live is recorded by its own switch. */
  record: z.boolean(),
  /** A smaller copy of each live, for slow lines. */
  smallerCopy: z.boolean(),
})
export type RelayChoice = z.infer<typeof RelayChoice>

/** Ports are those that encoders and people expect. */
export const DEFAULT_RELAY: RelayChoice = {
  on: false,
  open: false,
  rtmpPort: 1935,
  httpPort: 8080,
  record: false,
  smallerCopy: false,
}
