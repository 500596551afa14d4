import type { Destination, DestinationState } from '../live/destination'
import type { AccessConfig, AccessUnit } from '../media/access-unit'

/** Start data of the send engine. The keys are read and kept inside the engine. */
export interface SendStart {
  dataDir: string
  passphrase: string | null
}

/**
 * Main to send engine: the running show to other services. A process of its own, apart from the relay's, because it
 * holds stream keys and the relay listens to strangers.
 */
export interface SendService {
  calls: {
    /** Answers with the ids of the destinations whose key is known. */
    start: { input: SendStart; output: string[] }
    /** Checks an address and keeps its key; null: the key before. Answers with the ids whose key is known. */
    save: { input: { id: string; url: string; key: string | null }; output: string[] }
    remove: { input: string; output: string[] }
    /** All destinations; those that are enabled and have a key get the show. Also while live. */
    choose: { input: readonly Destination[]; output: undefined }
    retryNow: { input: string; output: undefined }
    close: { input: undefined; output: undefined }
  }
  events: {
    states: DestinationState[]
  }
}

/** What the media engine posts on a port for units: the show from the next key picture on. */
export type UnitMessage = { t: 'config'; config: AccessConfig } | { t: 'unit'; unit: AccessUnit } | { t: 'end' }
