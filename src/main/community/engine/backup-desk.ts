import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { BackupLook } from '@shared/community/backup-look'
import { StudioError } from '@shared/errors'
import { writeNewFile } from '../../platform/write-new-file'
import { lookAtBackup } from '../log/backup-look'
import type { CommunityLog } from '../log/community-log'
import { exportLogs, importLogs } from '../log/log-car'
import { readOwnEntries } from '../log/read-own-entries'
import { nostrDrafts, type NostrDrafts } from '../nostr/nostr-drafts'

const TELL_EVERY_MS = 200

/** What the desk needs of a community. */
export interface BackupHost {
  readonly log: CommunityLog
  readonly me: string | null
  readonly now: () => number
}

/** Everything that the person did, into one file and out of one; one thing at a time, each with an end. */
export class BackupDesk {
  /** Part that is done, 0 to 1. */
  onProgress: (done: number) => void = () => undefined
  #running: AbortController | null = null

  constructor(private readonly host: BackupHost) {}

  /** Writes a backup, whole or not at all. Bytes. Throws StudioError `no-account`, `not-writable`, `cancelled`. */
  make(path: string): Promise<number> {
    return this.#run(async (signal) => {
      const { log } = this.host
      const account = this.#account()
      const extents = log.devices(account).map((device) => log.extent(device))
      const total = extents.reduce((sum, extent) => sum + (extent === null ? 0 : extent.last + 1), 0)
      const told = this.#teller(total)
      return writeNewFile(path, inPieces(exportLogs(log, account, told), signal))
    })
  }

  /** Throws as `lookAtBackup`; StudioError `backup-other-account`, `not-readable`, `cancelled`. */
  look(path: string): Promise<BackupLook> {
    return this.#run(async (signal) => {
      const found = await lookAtBackup(this.host.log, await this.#read(path, signal), this.host.now())
      const { me } = this.host
      if (me !== null && me !== found.account) {
        const whose = found.name === null ? found.account : `${found.name} (${found.account})`
        throw new StudioError(
          'backup-other-account',
          `This is a backup of another account: ${whose}. This profile speaks for ${me}; restore it where that account is.`,
        )
      }
      return found
    })
  }

  /**
   * Takes in what is not here; what was looked at is looked at once more by the log itself. Entries that were new. Ended
   * early, what came until then stays: each entry stands for itself, and the next time goes on.
   */
  restore(path: string): Promise<number> {
    return this.#run(async (signal) => importLogs(this.host.log, await this.#read(path, signal)))
  }

  /** Own entries as Nostr events that are to be signed. Throws StudioError `no-account`. */
  nostr(pubkey: string): NostrDrafts {
    return nostrDrafts(readOwnEntries(this.host.log, this.#account()), pubkey)
  }

  cancel(): void {
    this.#running?.abort(new StudioError('cancelled', 'Cancelled.'))
  }

  #account(): string {
    const { me } = this.host
    if (me !== null) return me
    throw new StudioError('no-account', 'There is nothing to back up yet: you have no account. Make one in the wallet.')
  }

  async #read(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    )
    const told = this.#teller(size)
    const stream = createReadStream(path, { highWaterMark: 256 * 1024, signal })
    return (async function* () {
      let done = 0
      try {
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          signal.throwIfAborted()
          yield chunk
          told((done += chunk.length))
        }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof StudioError) throw error
        throw new StudioError('not-readable', `${path} cannot be read. Check that it is there and may be read.`, {
          cause: error,
        })
      }
    })()
  }

  #teller(total: number): (done: number) => void {
    let at = 0
    return (done) => {
      if (performance.now() - at < TELL_EVERY_MS) return
      at = performance.now()
      this.onProgress(total === 0 ? 0 : Math.min(1, done / total))
    }
  }

  async #run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running !== null) {
      throw new StudioError('backup-busy', 'Another backup is under way. Wait for it, or cancel it.')
    }
    const running = (this.#running = new AbortController())
    try {
      return await work(running.signal)
    } finally {
      this.#running = null
    }
  }
}

async function* inPieces(chunks: Iterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    signal.throwIfAborted()
    yield chunk
    await new Promise(setImmediate) // others are answered between two
  }
}
