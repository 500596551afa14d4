import type { DirectFile } from '../community/direct-message'
import type { CommunitySchema } from '../ipc/community-schema'
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
    close: { input: undefined; output: undefined }
  }
  events: {
    told: { group: keyof CommunitySchema; name: string; payload: unknown }
  }
}
