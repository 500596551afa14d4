import { basename } from 'node:path'
import type { BackupLook } from '@shared/community/backup-look'
import type { CommunityService } from '@shared/engines/community-service'
import type { WalletService } from '@shared/engines/wallet-service'
import { StudioError } from '@shared/errors'
import type { Handlers } from '@shared/ipc/channel'
import type { StudioSchema } from '@shared/ipc/studio-schema'
import type { NostrDraft } from '@shared/nostr/nostr-event'
import type { ServiceClient } from '@shared/rpc/rpc'
import { nostrLines } from '../../platform/sign-nostr'
import { writeNewFile } from '../../platform/write-new-file'
import type { Notifier } from '../ipc/handle-calls'

type Backups = Handlers<StudioSchema>['backup']
type What = 'making' | 'looking' | 'restoring' | 'signing'

/** Some 0.3 s of work for the wallet. */
const SIGNED_AT_ONCE = 100

export interface BackupParts {
  /** Asks the person where to; null when cancelled. */
  readonly saveAs: (title: string, name: string) => Promise<string | null>
  /** Asks for a backup; null when cancelled. */
  readonly choose: () => Promise<string | null>
  readonly community: () => Promise<ServiceClient<CommunityService>>
  readonly wallet: () => Promise<ServiceClient<WalletService>>
  readonly notify: Notifier
}

/** What a person said, into files and out of them. Paths come from the system's dialogs and stay here. */
export class BackupSession {
  #looked: string | null = null
  #what: What | null = null
  #signing: AbortController | null = null

  constructor(private readonly parts: BackupParts) {}

  /** The community engine has started. */
  prepare(client: ServiceClient<CommunityService>): void {
    client.on('backupProgress', (done) => {
      if (this.#what !== null) this.#tell(this.#what, done)
    })
  }

  handlers(): Backups {
    return {
      make: () => this.make(),
      look: () => this.look(),
      restore: () => this.restore(),
      nostr: () => this.nostr(),
      cancel: async () => {
        this.#signing?.abort(new StudioError('cancelled', 'Cancelled.'))
        await (await this.parts.community()).call('cancelBackup', undefined)
      },
    }
  }

  /** Throws StudioError `no-account`, `not-writable`, `cancelled`. */
  async make(): Promise<{ name: string; bytes: number } | null> {
    const path = await this.parts.saveAs('Back up what you did', `we-studio-${today()}.car`)
    if (path === null) return null
    const community = await this.parts.community()
    const bytes = await this.#run('making', () => community.call('makeBackup', path))
    return { name: basename(path), bytes }
  }

  /** Throws StudioError `backup-...`, `not-readable`, `cancelled`. */
  async look(): Promise<(BackupLook & { file: string }) | null> {
    this.#looked = null
    const path = await this.parts.choose()
    if (path === null) return null
    const community = await this.parts.community()
    const found = await this.#run('looking', () => community.call('lookAtBackup', path))
    this.#looked = path
    return { ...found, file: basename(path) }
  }

  /** Throws as `look`. */
  async restore(): Promise<number> {
    const path = this.#looked
    if (path === null) throw new StudioError('no-backup', 'Choose the backup again.')
    const community = await this.parts.community()
    const fresh = await this.#run('restoring', () => community.call('restoreBackup', path))
    this.#looked = null
    return fresh
  }

  /** The wallet asks on its sheet. Throws StudioError `sign-refused`, `no-words`, `no-account`, `cancelled`. */
  async nostr(): Promise<{ name: string; events: number; left: Readonly<Record<string, number>> } | null> {
    const wallet = await this.parts.wallet()
    const pubkey = await wallet.call('openNostr', undefined)
    try {
      const { drafts, left } = await (await this.parts.community()).call('nostrDrafts', pubkey)
      const path = await this.parts.saveAs('Export as Nostr events', `nostr-${today()}.jsonl`)
      if (path === null) return null
      const stop = (this.#signing = new AbortController())
      await this.#run('signing', () => writeNewFile(path, this.#signed(wallet, drafts, stop.signal)))
      return { name: basename(path), events: drafts.length, left }
    } finally {
      this.#signing = null
      await wallet.call('closeNostr', undefined).catch(() => undefined) // an engine that is gone has forgotten it
    }
  }

  async *#signed(
    wallet: ServiceClient<WalletService>,
    drafts: readonly NostrDraft[],
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < drafts.length; at += SIGNED_AT_ONCE) {
      signal.throwIfAborted()
      const events = await wallet.call('signNostr', drafts.slice(at, at + SIGNED_AT_ONCE))
      this.#tell('signing', (at + events.length) / drafts.length)
      yield Buffer.from(nostrLines(events))
    }
  }

  async #run<T>(what: What, work: () => Promise<T>): Promise<T> {
    if (this.#what !== null) {
      throw new StudioError('backup-busy', 'Another backup is under way. Wait for it, or cancel it.')
    }
    this.#what = what
    this.#tell(what, 0)
    try {
      return await work()
    } finally {
      this.#what = null
      this.parts.notify('backup', 'progress', null)
    }
  }

  #tell(what: What, done: number): void {
    this.parts.notify('backup', 'progress', { what, done })
  }
}

/** For names of files, which sort by it. */
function today(): string {
  return new Date().toISOString().slice(0, 10)
}
