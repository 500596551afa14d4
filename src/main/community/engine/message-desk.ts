import { hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { MemberId, MessageEvent } from '@shared/community/direct-conversation'
import { StudioError } from '@shared/errors'
import { writeBeside } from '../../platform/write-beside'
import type { SentEntry } from '@shared/community/log-messages'
import { DirectMessages } from '../messages/direct-messages'
import { GrantFinder } from '../messages/grant-finder'
import { MailCarrier } from '../messages/mail-carrier'
import { MailIntake } from '../messages/mail-intake'
import { MailLine } from '../messages/mail-line'
import { Mailbox } from '../messages/mailbox'
import { bytesOf, hexOf, type DeviceSigner } from '../messages/mls-credential'
import type { Community } from './community'
import { MessageConsent } from './message-consent'

export const KEY_PACKAGE = 'dm.keypackage'
/** An invitation by a key package is opened for so long; after it nobody should find it. */
const PACKAGE_LIFE_MS = 28 * 86_400_000
const RENEW_EVERY_MS = 6 * 3_600_000
/** Mail that came to neighbours without their telling is asked for. */
const VISIT_EVERY_MS = 5 * 60_000
const MOST_VISITED = 32
const MEGABYTE = 1_000_000
const Settings = z.object({ keepMegabytes: z.int().min(0).max(10_000) })

export type MessageNews =
  | { readonly kind: 'events'; readonly events: readonly MessageEvent[] }
  /** Deliveries, settings or the state as a whole. */
  | { readonly kind: 'state' }

type Needs = Pick<
  Community,
  'dir' | 'seed' | 'me' | 'log' | 'sync' | 'reader' | 'filter' | 'append' | 'onChanged' | 'now' | 'say'
>

/**
 * [Note: What seals messages]
 * `messages.sqlite` is sealed by 32 bytes that HKDF makes of the device's seed, as other keys of this profile, not of
 * the wallet: the wallet is locked most of the time, and messages arrive then too. Who has the profile's folder and its
 * passphrase, or the folder of a profile without one, can read them.
 *
 * Private messages of this profile as a whole: the files, who carries, who takes in, and the key package that others
 * need. Mail of others is kept also when there is no account yet.
 */
export class MessageDesk {
  readonly line = new MailLine()
  readonly consent: MessageConsent
  readonly #community: Needs
  readonly #device: DeviceSigner
  readonly #listeners = new Set<(news: MessageNews) => void>()
  readonly #timers: NodeJS.Timeout[] = []
  #messages: DirectMessages | null = null
  #carrier: MailCarrier | null = null
  #mailbox: Mailbox | null = null
  readonly #intake: MailIntake
  #opening: Promise<void> | null = null
  #problem: StudioError | null = null
  #keepMegabytes = 200
  #isClosed = false
  #unwatch: () => void = () => undefined

  constructor(community: Needs, device: DeviceSigner) {
    this.#community = community
    this.#device = device
    this.consent = new MessageConsent(community, () => this.#messages)
    this.#openMailbox()
    const finder = new GrantFinder({
      log: community.log,
      sync: community.sync,
      isDeviceOf: this.isDeviceOf,
      devices: () => this.line.devices(),
    })
    this.#intake = new MailIntake({
      ...{ messages: () => this.#messages, mailbox: this.#mailbox, exchange: this.line, device, finder },
      isKnown: (one) => community.log.accountOf(bytesOf(one)) !== null,
      onDevice: (one) => this.#carrier?.met(one),
      onEvents: (events) => this.#tell({ kind: 'events', events }),
      onArrived: () => this.#tell({ kind: 'state' }),
      now: community.now,
      say: community.say,
    })
  }

  /** Begins to carry and to take in; with an account at once, else as soon as there is one. */
  begin(): void {
    this.line.listen(this.#intake)
    this.#unwatch = this.#community.onChanged(() => {
      if (this.#messages === null && this.#problem === null) void this.#open()
    })
    this.#timers.push(setInterval(() => void this.#renew(), RENEW_EVERY_MS))
    this.#timers.push(setInterval(() => void this.visitAll(), VISIT_EVERY_MS))
    void this.#open()
  }

  /** Throws StudioError `no-account`, or why the messages cannot be opened. */
  async messages(): Promise<DirectMessages> {
    await this.#open()
    if (this.#messages !== null) return this.#messages
    throw (
      this.#problem ??
      new StudioError('no-account', 'For messages you need an account. Make one in the wallet; it takes a moment.')
    )
  }

  /** Null while they are not open. */
  get opened(): DirectMessages | null {
    return this.#messages
  }

  get problem(): StudioError | null {
    return this.#problem
  }

  get keeping(): { megabytes: number; usedBytes: number } {
    return { megabytes: this.#keepMegabytes, usedBytes: this.#mailbox?.bytes ?? 0 }
  }

  get device(): string {
    return hexOf(this.#device.publicKey)
  }

  /** What others' mail may use of this disk; 0: nothing new is kept. */
  async setKeeping(megabytes: number): Promise<void> {
    this.#keepMegabytes = megabytes
    this.#mailbox?.setRoom(megabytes * MEGABYTE)
    await writeBeside(this.#settingsPath, JSON.stringify({ keepMegabytes: megabytes }), { mode: 0o600 })
    this.#tell({ kind: 'state' })
  }

  /** There is something to send. */
  wake(): void {
    this.#carrier?.wake()
    this.#tell({ kind: 'state' })
  }

  readonly isDeviceOf = ({ account, device }: MemberId): boolean =>
    this.#community.log.isGranted(account, bytesOf(device), KEY_PACKAGE)

  onNews(listener: (news: MessageNews) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks neighbours what they keep for this device. */
  async visitAll(): Promise<void> {
    const devices = await this.line.devices().catch(() => [])
    for (const device of devices.slice(0, MOST_VISITED)) this.#intake.visit(device)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unwatch()
    for (const timer of this.#timers) clearInterval(timer)
    this.line.close()
    this.#intake.stop()
    await this.#opening?.catch(() => undefined)
    await this.#carrier?.stop()
    const messages = this.#messages
    this.#messages = null
    await messages?.close()
    this.#mailbox?.close()
  }

  get #settingsPath(): string {
    return join(this.#community.dir, 'messages.json')
  }

  /** Once; a broken file is told of and leaves the rest alone. */
  async #open(): Promise<void> {
    if (this.#messages !== null || this.#isClosed || this.#community.me === null) return
    this.#opening ??= this.#openMessages(this.#community.me).finally(() => (this.#opening = null))
    await this.#opening
  }

  async #openMessages(account: string): Promise<void> {
    const { dir, seed, now, say } = this.#community
    try {
      const messages = await DirectMessages.open({
        path: join(dir, 'messages.sqlite'),
        key: new Uint8Array(hkdfSync('sha256', seed, '', 'we-studio/messages/1', 32)),
        ...{ account, device: this.#device, isDeviceOf: this.isDeviceOf, now },
        wants: (conversation) => this.consent.wants(conversation),
        hears: (conversation, sender) => this.consent.hears(conversation, sender),
      })
      this.#problem = null
      this.#carrier = new MailCarrier({
        ...{ messages, exchange: this.line, grants: () => this.#grants(account), now, say },
        seek: (device) => this.#intake.visit(device),
        onCarried: () => this.#tell({ kind: 'state' }),
      })
      this.#messages = messages
      await this.#renew()
      this.#carrier.wake()
      await this.visitAll()
    } catch (error) {
      this.#problem =
        error instanceof StudioError
          ? error
          : new StudioError('messages-broken', 'Your messages cannot be opened. Start WE Studio again.', {
              cause: error,
            })
      say('error', 'messages cannot be opened', { error: String(error) })
    }
    this.#tell({ kind: 'state' })
  }

  /** By a newer key package others can write to this device for a few weeks more. */
  async #renew(): Promise<void> {
    const { me, log, now } = this.#community
    if (this.#messages === null || me === null) return
    try {
      const body = await this.#messages.keyPackage()
      const replaceKey = this.device
      const known = log.current(me, KEY_PACKAGE, replaceKey)?.body as { package: Uint8Array } | null | undefined
      if (known != null && Buffer.compare(known.package, body.package) === 0) return
      this.#community.append({ kind: KEY_PACKAGE, body, replaceKey, expires: now() + PACKAGE_LIFE_MS })
    } catch (error) {
      this.#community.say('error', 'no key package', { error: String(error) })
    }
  }

  /** First entries of the logs of the own devices, this one first: they say whose they are. */
  #grants(account: string): SentEntry[] {
    const { log } = this.#community
    const others = log.devices(account).filter((device) => hexOf(device) !== this.device)
    return [log.device, ...others].flatMap((device) => log.entriesOf(device, 0, 1)).slice(0, 8)
  }

  #openMailbox(): void {
    const { dir, say } = this.#community
    try {
      this.#keepMegabytes = Settings.parse(JSON.parse(readFileSync(this.#settingsPath, 'utf8'))).keepMegabytes
    } catch {
      // never changed
    }
    try {
      this.#mailbox = new Mailbox(join(dir, 'mailbox.sqlite'))
      this.#mailbox.setRoom(this.#keepMegabytes * MEGABYTE)
    } catch (error) {
      say('error', 'no mail is kept for others', { error: String(error) })
    }
  }

  #tell(news: MessageNews): void {
    for (const listener of this.#listeners) listener(news)
  }
}
