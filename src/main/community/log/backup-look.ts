import type { BackupLook } from '@shared/community/backup-look'
import { readEnvelope } from '@shared/community/entry-envelope'
import { StudioError } from '@shared/errors'
import type { CommunityLog } from './community-log'
import { readGrant } from './device-keys'
import { follows, openRun, runsOf } from './entry-run'
import { brokenBackup, entriesOfBackup } from './log-car'
import { firstUnsigned, same, sha256, type OpenedEntry } from './open-entry'

const MOST_DEVICES = 1_000
const MOST_KINDS = 100
const MOST_NAME = 100

interface Device {
  account: string
  last: OpenedEntry
}

/**
 * Reads a backup to its end and checks all that its entries show by themselves: hashes, form, order, signatures, grants.
 * Nothing is taken in. Throws StudioError `backup-broken`; `backup-foreign` when it is of more than one account;
 * `backup-other-history` when it contradicts what this very device has said since.
 * @param now Unix milliseconds
 */
export async function lookAtBackup(
  log: CommunityLog,
  file: AsyncIterable<Uint8Array>,
  now: number,
): Promise<BackupLook> {
  const devices = new Map<string, Device>()
  const kinds = new Map<string, number>()
  let [entries, fresh, from, to] = [0, 0, Infinity, -Infinity]
  let name: { t: number; text: string } | null = null
  for await (const offered of entriesOfBackup(file)) {
    for (const run of runsOf(offered)) {
      const opened = openRun(run, now)
      if (opened.refused !== null || (await firstUnsigned(opened.entries)) >= 0) throw brokenBackup()
      join(log, devices, opened.entries)
      for (const { id, header, content } of opened.entries) {
        entries++
        from = Math.min(from, header.t)
        to = Math.max(to, header.t)
        if (log.sealed(id) === null) fresh++
        if (content === null) continue
        if (kinds.has(header.kind) || kinds.size < MOST_KINDS) kinds.set(header.kind, (kinds.get(header.kind) ?? 0) + 1)
        if (header.kind === 'profile' && typeof content['name'] === 'string' && header.t >= (name?.t ?? 0))
          name = { t: header.t, text: content['name'].slice(0, MOST_NAME) }
      }
    }
  }
  const accounts = new Set([...devices.values()].map(({ account }) => account))
  const [account] = accounts
  if (account === undefined) throw brokenBackup()
  if (accounts.size > 1) {
    throw new StudioError('backup-foreign', 'This file has records of several accounts. A backup is of one of them.')
  }
  return {
    account,
    name: name?.text ?? null,
    devices: devices.size,
    entries,
    fresh,
    from,
    to,
    kinds: Object.fromEntries(kinds),
  }
}

/** Puts a run after what came of its device before. */
function join(log: CommunityLog, devices: Map<string, Device>, run: readonly OpenedEntry[]): void {
  const [first] = run
  if (first === undefined) throw brokenBackup()
  const { device, n } = first.header
  const key = Buffer.from(device).toString('hex')
  const before = devices.get(key)
  const account =
    before?.account ?? (n === 0 ? readGrant(first.content, device)?.account : undefined) ?? log.accountOf(device)
  if (account === null) throw brokenBackup() // nobody can say whose it is
  if (before !== undefined) {
    const { header, id } = before.last
    if (n <= header.n || (n === header.n + 1 && !follows(first, id))) throw brokenBackup()
  } else if (devices.size >= MOST_DEVICES) throw brokenBackup()
  if (same(device, log.device)) refuseOtherHistory(log, run)
  devices.set(key, { account, last: run.at(-1)! })
}

/** Taken in, it would prove that this device signed two histories, and nobody would hear it any more. */
function refuseOtherHistory(log: CommunityLog, run: readonly OpenedEntry[]): void {
  const first = Math.max(0, run[0]!.header.n - 1)
  const here = new Map(
    log
      .entriesOf(log.device, first, run.length + 1)
      .map(({ envelope }) => [readEnvelope(envelope).header.n, sha256(envelope)]),
  )
  for (const entry of run) {
    const { n } = entry.header
    const [own, before] = [here.get(n), here.get(n - 1)]
    const isOther = own === undefined ? before !== undefined && !follows(entry, before) : !same(own, entry.id)
    if (!isOther) continue
    throw new StudioError(
      'backup-other-history',
      'Since this backup was made, this computer has begun its records anew, and the two cannot be joined. ' +
        'Restore it on another computer or in a new profile: your account shows both there.',
    )
  }
}
