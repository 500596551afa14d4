import { encodeBody } from '@shared/community/entry-body'
import { encodeEnvelope, signedBytes } from '@shared/community/entry-envelope'
import { encodeHeader, type EntryHeader } from '@shared/community/entry-header'
import { GRANT_KIND } from '@shared/community/key-entries'
import { StudioError } from '@shared/errors'
import type { Sign } from '@shared/live/signed-record'
import type { SignedKeyGrant } from '@shared/wallet/key-grant'
import type { Admission } from './admission'
import { readGrant } from './device-keys'
import { entryKey, numberOfKey } from './entry-table'
import type { LogStore } from './log-store'
import type { LogRow } from './log-table'
import { sha256 } from './open-entry'

/** The key of this device. */
export interface LogKey {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  readonly sign: Sign
}

/** What is to be said. */
export interface Draft {
  readonly kind: string
  readonly body: Readonly<Record<string, unknown>>
  /** Unix milliseconds after which peers drop the body. */
  readonly expires?: number
  readonly replaceKey?: string
}

export interface AppendedEntry {
  readonly n: number
  /** sha2-256 of the envelope. */
  readonly id: Uint8Array
  readonly envelope: Uint8Array
  readonly body: Uint8Array
}

/** The log of this device: entries are on disk before anybody gets them. */
export class OwnLog {
  constructor(
    private readonly store: LogStore,
    private readonly admission: Admission,
    private readonly key: LogKey,
    private readonly now: () => number,
  ) {}

  /**
   * Begins the log with the account's grant, or adds a newer one; nothing when it is in it already. Throws StudioError
   * `log-grant` when it is no valid grant for this device, or of another account than the log's.
   */
  grant(grant: SignedKeyGrant): void {
    const log = this.store.logs.find(this.key.publicKey)
    const foreign = log?.account !== undefined && log.account !== null && log.account !== grant.account
    if (foreign || readGrant(grant, this.key.publicKey) === null) {
      throw new StudioError('log-grant', 'This grant is not for this device. Let the wallet sign a new one.')
    }
    const has = log && this.store.logs.grants(log.id).some(({ expires }) => expires >= grant.expires)
    if (has !== true) this.#write([{ kind: GRANT_KIND, body: grant }])
  }

  /**
   * Signs entries and puts them at the end, all or none. Throws StudioError `log-no-account` before `grant`,
   * `log-frozen` when the device was revoked or has forked; EntryRefused for a draft outside the limits.
   */
  append(drafts: readonly Draft[]): AppendedEntry[] {
    const account = this.store.logs.find(this.key.publicKey)?.account
    if (typeof account !== 'string') {
      throw new StudioError('log-no-account', 'This device does not act for an account yet. Make or import one first.')
    }
    return this.#write(drafts)
  }

  #write(drafts: readonly Draft[]): AppendedEntry[] {
    const t = this.now()
    const bodies = drafts.map(({ body }) => encodeBody(body))
    return this.store.transaction(() => {
      const log = this.store.logs.findOrAdd(this.key.publicKey)
      let before = this.#newest(log)
      return drafts.map((draft, at) => {
        const entry = this.#sign(draft, bodies[at]!, before, t)
        const key = entryKey(log.id, entry.n)
        this.admission.add(log, { ...entry, key, content: draft.body })
        before = entry
        return entry
      })
    })
  }

  #newest(log: LogRow): { n: number; id: Uint8Array } | null {
    if (log.frozen_above !== null) {
      throw new StudioError(
        'log-frozen',
        'This device may not write for its account any more: it was revoked, or its records were copied to another ' +
          'computer. Make a new profile for this computer and connect it to your account.',
      )
    }
    const newest = this.store.entries.newest(log.id)
    return newest === undefined ? null : { n: numberOfKey(newest.key), id: newest.id }
  }

  #sign(
    { kind, expires, replaceKey }: Draft,
    body: Uint8Array,
    before: { n: number; id: Uint8Array } | null,
    t: number,
  ): AppendedEntry & { header: EntryHeader } {
    const header: EntryHeader = {
      ...{ device: this.key.publicKey, n: before === null ? 0 : before.n + 1, prev: before?.id ?? null, t, kind },
      ...{ bodyHash: sha256(body), bodySize: body.length },
      ...(expires === undefined ? {} : { expires }),
      ...(replaceKey === undefined ? {} : { replaceKey }),
    }
    const bytes = encodeHeader(header)
    const envelope = encodeEnvelope(bytes, this.key.sign(signedBytes(bytes)))
    return { n: header.n, id: sha256(envelope), envelope, body, header }
  }
}
