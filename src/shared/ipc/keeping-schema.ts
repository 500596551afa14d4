import { z } from 'zod'
import { KeepChoice, KeptShow } from '../storage/keep-choice'
import { invoke, notify } from './channel'

export const KeepState = z.object({ choice: KeepChoice, shows: z.array(KeptShow) })
export type KeepState = z.infer<typeof KeepState>

/** Lives of others that this computer keeps and passes on; a finished one is a file of the library. */
export const keepingSchema = {
  get: invoke(z.void(), KeepState),
  /** At once: what is not chosen any more ends, and what came of it stays. */
  set: invoke(KeepChoice, z.void()),
  /** Once a second at most. */
  changed: notify(KeepState),
}
