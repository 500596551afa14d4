import type { BackupLook } from '../community/backup-look'
import type { DirectFile } from '../community/direct-message'
import type { CommunitySchema } from '../ipc/community-schema'
import type { NostrDraft } from '../nostr/nostr-event'
import type { SignedKeyGrant } from '../wallet/key-grant'

/** Start data of the community engine. The device key is read and kept inside the engine. */
export interface CommunityStart {
  dataDir: string
  passphrase: string | null
  /** `ed25519.wasm`: many signatures of one device are verified faster with it. */
  signatureKernel: string
  /** Of the app: a new one looks again at what the old one could not read. */
  version: string
}

/** Main to community engine. The window's calls pass through main as they are. */
export interface CommunityService {
  calls: {
    start: { input: CommunityStart; output: undefined }
    /** The account that this device acts for. Rejects with `log-grant` when the log is another account's. */
    grant: { input: SignedKeyGrant; output: undefined }
    ask: { input: { group: keyof CommunitySchema; name: string; input: unknown }; output: unknown }
    /** A file of a message, with its key: for main, never for the window. */
    messageFile: { input: { conversation: string; message: string; at: number }; output: DirectFile }
    /** Backups are files of this computer that the person chose: for main, as the window names no paths. */
    makeBackup: { input: string; output: number }
    lookAtBackup: { input: string; output: BackupLook }
    /** How many entries were new. */
    restoreBackup: { input: string; output: number }
    /** Own entries as Nostr events for this key (hex), unsigned. */
    nostrDrafts: { input: string; output: { drafts: readonly NostrDraft[]; left: Readonly<Record<string, number>> } }
    cancelBackup: { input: undefined; output: undefined }
    close: { input: undefined; output: undefined }
  }
  events: {
    /** Part of the backup under way that is done, 0 to 1. */
    backupProgress: number
    told: { group: keyof CommunitySchema; name: string; payload: unknown }
  }
}
