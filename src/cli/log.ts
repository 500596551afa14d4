import { createReadStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import { lookAtBackup } from '../main/community/log/backup-look'
import { CommunityLog } from '../main/community/log/community-log'
import { exportLogs, importLogs } from '../main/community/log/log-car'
import { writeNewFile } from '../main/platform/write-new-file'
import { ed25519Signer } from '../main/platform/ed25519'
import { lockProfile } from '../main/platform/profile-lock'
import { loadDeviceKey } from '../main/wallet/device-key'
import { askPassphrase, defaultDataDir, type CommandContext } from './context'

export interface LogArguments {
  /** `status`, or `export` or `import` and a file. */
  words: string[]
  /** Whose records; left out: those of the account that this device acts for. */
  account: string | undefined
  dataDir: string | undefined
}

/** `we log`: the signed records of a profile, without a window. */
export async function logCommand({ words, account, dataDir }: LogArguments, context: CommandContext): Promise<number> {
  const [action, file, ...more] = words
  const isStatus = action === 'status' && file === undefined
  if (more.length > 0 || (!isStatus && (file === undefined || (action !== 'export' && action !== 'import')))) {
    throw new StudioError('usage', 'Give: log status, log export FILE.car, log import FILE.car or log nostr --out DIR.')
  }
  const folder = dataDir ?? defaultDataDir()
  const lock = await lockProfile(folder)
  try {
    const { peerKey } = await loadDeviceKey(folder, { passphrase: process.env['WE_PASSPHRASE'] ?? askPassphrase })
    const log = new CommunityLog({
      path: join(folder, 'community', 'log.sqlite'),
      key: { publicKey: peerKey.publicKey.raw, sign: ed25519Signer(peerKey.raw) },
      schemas: () => undefined, // bodies are not read here; the app does when it starts next
    })
    try {
      if (isStatus) status(log, account, context)
      else if (action === 'import') await restore(log, resolve(file!), context)
      else await backUp(log, whose(log, account), resolve(file!), context)
    } finally {
      log.close()
    }
    return 0
  } finally {
    await lock.release()
  }
}

function status(log: CommunityLog, account: string | undefined, { output }: CommandContext): void {
  output.event('log', { account: log.accountOf(log.device), ...log.count() })
  const asked = account?.toLowerCase() ?? log.accountOf(log.device)
  if (asked === null) return
  for (const device of log.devices(asked)) {
    const fork = log.fork(device)
    const name = Buffer.from(device).toString('hex')
    output.event('device', {
      device: name,
      ...log.extent(device),
      frozenAbove: log.frozenAbove(device),
      forked: fork !== null,
    })
  }
}

async function backUp(log: CommunityLog, account: string, file: string, { output }: CommandContext): Promise<void> {
  const bytes = await writeNewFile(file, inPieces(exportLogs(log, account)))
  output.event('exported', { account, file, bytes })
}

async function restore(log: CommunityLog, file: string, { output }: CommandContext): Promise<void> {
  try {
    const { account, devices } = await lookAtBackup(log, createReadStream(file), Date.now())
    const entries = await importLogs(log, createReadStream(file))
    output.event('imported', { file, account, devices, entries })
  } catch (error) {
    if (error instanceof StudioError) throw error
    throw new StudioError('not-readable', `${file} cannot be read. Check its name and permissions.`, { cause: error })
  }
}

/** Throws StudioError `log-no-account`. */
function whose(log: CommunityLog, account: string | undefined): string {
  const found = account?.toLowerCase() ?? log.accountOf(log.device)
  if (found !== null) return found
  throw new StudioError('log-no-account', 'This device has no records of its own yet. Name an account with --account.')
}

async function* inPieces(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield chunk
    await new Promise(setImmediate) // Ctrl-C is heard between two
  }
}
