import type { MemberId } from '@shared/community/direct-conversation'
import { readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import type { SentEntry } from '@shared/community/log-messages'
import { StudioError } from '@shared/errors'
import { peerIdOfPublicKey } from '@shared/live/peer-id-key'
import { TokenBucket } from '@shared/mesh/token-bucket'
import type { CommunityLog } from '../log/community-log'
import type { Following } from '../log/log-fetch'
import type { LogSync } from '../log/log-sync'
import { groupedBy } from './grouped-by'
import { bytesOf, hexOf } from './mls-credential'

/** Of somebody who writes for the first time: the profile is among the newest or comes when their page is opened. */
const RECENT: Following = { newest: 200, bodies: true, signatures: 'newest' }
const ACCOUNTS_AT_ONCE = 16
const ASKED_PEERS = 4
/** Each costs one to five milliseconds for a signature, and questions to peers. */
const BURST = 30
const PER_SECOND = 1
const ALL_TIME_MS = 5_000

interface FinderParts {
  readonly log: Pick<CommunityLog, 'accept'>
  readonly sync: Pick<LogSync, 'fetchAccount'>
  readonly isDeviceOf: (member: MemberId) => boolean
  /** Connected devices. */
  readonly devices: () => Promise<readonly string[]>
}

/** Finds out whom devices act for that this profile has never heard of: by what came along, else by asking peers. */
export class GrantFinder {
  readonly #budget = new TokenBucket(PER_SECOND, BURST, performance.now())

  constructor(private readonly parts: FinderParts) {}

  /**
   * True when all of them act for their accounts after all. Never throws for what others say.
   * @param grants first entries of logs that came along @param via the device that brought them
   */
  async find(members: readonly MemberId[], grants: readonly SentEntry[], via: string): Promise<boolean> {
    const byAccount = groupedBy(members, ({ account }) => account)
    if (members.length === 0 || byAccount.size > ACCOUNTS_AT_ONCE) return false
    const until = performance.now() + ALL_TIME_MS
    for (const [account, devices] of byAccount) {
      if (!this.#budget.take(1, performance.now())) return false
      await this.#takeGrants(account, devices, grants)
      if (this.#isKnown(devices)) continue
      for (const peer of [via, ...(await this.parts.devices()).filter((one) => one !== via)].slice(0, ASKED_PEERS)) {
        if (performance.now() > until) return false
        await this.#fetch(peer, account)
        if (this.#isKnown(devices)) break
      }
      if (!this.#isKnown(devices)) return false
    }
    return true
  }

  async #takeGrants(account: string, devices: readonly MemberId[], grants: readonly SentEntry[]): Promise<void> {
    for (const grant of grants) {
      const device = deviceOf(grant)
      if (device === null || !devices.some((one) => one.device === hexOf(device))) continue
      await this.parts.log.accept([grant], { device: Uint8Array.from(device), account })
    }
  }

  async #fetch(peer: string, account: string): Promise<void> {
    try {
      await this.parts.sync.fetchAccount(peerIdOfPublicKey(bytesOf(peer)), account, RECENT)
    } catch (error) {
      if (!(error instanceof StudioError) && !(error instanceof EntryRefused)) throw error
    }
  }

  #isKnown(devices: readonly MemberId[]): boolean {
    return devices.every((member) => this.parts.isDeviceOf(member))
  }
}

function deviceOf({ envelope }: SentEntry): Uint8Array | null {
  try {
    return readEnvelope(envelope).header.device
  } catch {
    return null // forged or of a later version
  }
}
