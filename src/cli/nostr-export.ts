import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { AcceptedEntry } from '@shared/community/accepted-entry'
import { bodySchema } from '@shared/community/body-schema'
import { StudioError } from '@shared/errors'
import { CommunityLog } from '../main/community/log/community-log'
import { readOwnEntries } from '../main/community/log/read-own-entries'
import { nostrDrafts } from '../main/community/nostr/nostr-drafts'
import { nostrLines, nostrPublicKey, signNostr } from '../main/platform/sign-nostr'
import { ed25519Signer } from '../main/platform/ed25519'
import { lockProfile } from '../main/platform/profile-lock'
import { AccountStore } from '../main/wallet/accounts/account-store'
import { loadDeviceSecret } from '../main/wallet/accounts/device-secret'
import { loadDeviceKey } from '../main/wallet/device-key'
import { nostrKey } from '../main/wallet/keystore/nostr-key'
import { askPassphrase, defaultDataDir, type CommandContext } from './context'
import { secretInput } from './wallet-input'

/**
 * `we log nostr --out DIR`: what the account said as signed Nostr events, one to a line in `DIR/events.jsonl`, for the
 * relays that the person picks; nothing is sent. A file that is there is not replaced.
 */
export async function nostrExport(
  { out, account, dataDir }: { out: string; account: string | undefined; dataDir: string | undefined },
  { output }: CommandContext,
): Promise<number> {
  const folder = dataDir ?? defaultDataDir()
  const lock = await lockProfile(folder)
  try {
    const store = await AccountStore.open(join(folder, 'wallet'))
    const info = account === undefined ? store.active : store.account(account)
    if (info === null) throw new StudioError('no-account', 'There is no account in this profile.')
    const passphrase =
      info.protection === 'device'
        ? (await loadDeviceSecret(join(folder, 'wallet'), null)).secret
        : await secretInput('WE_PASSPHRASE', `Passphrase of ${info.name}`)
    const key = nostrKey(await store.secret(info.address, passphrase))
    const entries = await entriesOf(folder, info.address)
    const { drafts, left } = nostrDrafts(entries, nostrPublicKey(key))
    const file = join(resolve(out), 'events.jsonl')
    await mkdir(resolve(out), { recursive: true })
    const text = nostrLines(drafts.map((draft) => signNostr(draft, key)))
    await writeFile(file, text, { flag: 'wx' }).catch((cause: unknown) => {
      throw new StudioError('not-written', `${file} could not be written; a file that is there is not replaced.`, {
        cause,
      })
    })
    output.event('nostr', { file, pubkey: nostrPublicKey(key), events: drafts.length, left })
    return 0
  } finally {
    await lock.release()
  }
}

async function entriesOf(folder: string, account: string): Promise<AcceptedEntry[]> {
  const { peerKey } = await loadDeviceKey(folder, { passphrase: process.env['WE_PASSPHRASE'] ?? askPassphrase })
  const key = { publicKey: peerKey.publicKey.raw, sign: ed25519Signer(peerKey.raw) }
  const log = new CommunityLog({ path: join(folder, 'community', 'log.sqlite'), key, schemas: bodySchema })
  try {
    return readOwnEntries(log, account)
  } finally {
    log.close()
  }
}
