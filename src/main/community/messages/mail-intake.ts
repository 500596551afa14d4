import { EntryRefused } from '@shared/community/entry-refused'
import type { MessageEvent } from '@shared/community/direct-conversation'
import type { SentEntry } from '@shared/community/log-messages'
import type { MailExchange, MailExchangeHandlers } from '@shared/community/mail-exchange'
import {
  DELIVERED,
  encodeFetched,
  encodeMailRequest,
  encodeVerdicts,
  KEPT,
  MAIL_AT_ONCE,
  MAIL_BYTES_AT_ONCE,
  readFetched,
  readMailRequest,
  type Delivered,
  type FetchedMail,
  type MailRequest,
} from '@shared/community/mail-messages'
import { StudioError } from '@shared/errors'
import type { Log } from '../../platform/log'
import type { DirectMessages } from './direct-messages'
import type { GrantFinder } from './grant-finder'
import { groupedBy } from './grouped-by'
import { makeReceipt, isReceipt, readReceipt } from './mail-receipt'
import type { Mailbox } from './mailbox'
import { sha256 } from './message-store'
import { MessageRefused } from './message-refused'
import { bytesOf, hexOf, type DeviceSigner } from './mls-credential'

/** Answers of one neighbour that are taken one after the other. */
const MOST_ROUNDS = 50
/** Pieces that could not be told from whom they are yet, of one neighbour at a time. */
const MOST_LATER = 64
const VISITS_AT_ONCE = 4

export interface IntakeParts {
  /** Null: there is no account yet. */
  readonly messages: () => Pick<DirectMessages, 'receive' | 'arrived'> | null
  /** Null: it cannot be opened. */
  readonly mailbox: Pick<Mailbox, 'offer' | 'waiting' | 'acknowledge'> | null
  readonly exchange: MailExchange
  readonly device: DeviceSigner
  readonly finder: Pick<GrantFinder, 'find'>
  /** Whether a device is known to the own logs. */
  readonly isKnown: (device: string) => boolean
  readonly onDevice: (device: string) => void
  readonly onEvents: (events: readonly MessageEvent[]) => void
  /** Own messages have arrived somewhere. */
  readonly onArrived: () => void
  readonly now: () => number
  readonly say: Log
}

/** Takes mail in: from its sender, or from neighbours who kept it; and keeps others' mail for them. */
export class MailIntake implements MailExchangeHandlers {
  readonly #self: string
  /** Devices that are asked what they keep; true: once more after this. */
  readonly #visits = new Map<string, boolean>()
  readonly #queue: string[] = []
  #visiting = 0
  #isStopped = false

  constructor(private readonly parts: IntakeParts) {
    this.#self = hexOf(parts.device.publicKey)
  }

  onDevice(device: string): void {
    this.parts.onDevice(device)
    this.visit(device)
  }

  /** Null for bytes that are no request: the stream ends. */
  async onAsked(device: string, bytes: Uint8Array): Promise<Uint8Array[] | null> {
    let request: MailRequest
    try {
      request = readMailRequest(bytes)
    } catch (error) {
      if (error instanceof EntryRefused) return null
      throw error
    }
    switch (request.ask) {
      case 'deliver': {
        const verdicts: Delivered[] = []
        for (const mail of request.mail) verdicts.push(await this.#take(mail, device, request.grants))
        return [encodeVerdicts(DELIVERED, verdicts)]
      }
      case 'keep':
        return [encodeVerdicts(KEPT, await this.#keep(device, request))]
      case 'fetch':
        return this.#fetched(device, request.skip)
      case 'drop':
        this.parts.mailbox?.acknowledge(device, request.ids)
        return []
      case 'waiting':
        this.visit(device)
        return []
    }
  }

  /** Asks a device what it keeps for this one; connects to it when need be. */
  visit(device: string): void {
    if (this.#isStopped || this.parts.messages() === null) return
    const isUnderWay = this.#visits.has(device)
    this.#visits.set(device, isUnderWay)
    if (isUnderWay) return
    this.#queue.push(device)
    if (this.#visiting < VISITS_AT_ONCE) void this.#visitAll()
  }

  stop(): void {
    this.#isStopped = true
  }

  async #visitAll(): Promise<void> {
    this.#visiting++
    for (let device = this.#queue.shift(); device !== undefined; device = this.#queue.shift()) {
      do {
        this.#visits.set(device, false)
        await this.#collect(device).catch((error: unknown) => this.#report(device, error))
      } while (this.#visits.get(device) === true && !this.#isStopped)
      this.#visits.delete(device)
    }
    this.#visiting--
  }

  /** Takes what a neighbour kept, and lets it forget what is on disk here. */
  async #collect(keeper: string): Promise<void> {
    let skip = 0
    for (let round = 0; round < MOST_ROUNDS && skip < MOST_LATER && !this.#isStopped; round++) {
      const frames = await this.parts.exchange.ask(keeper, encodeMailRequest({ ask: 'fetch', skip }))
      const found = this.#read(keeper, frames)
      if (found.length === 0) return
      const taken: FetchedMail[] = []
      for (const piece of found) {
        if ((await this.#take(piece.mail, keeper, piece.grants)) === 'taken') taken.push(piece)
      }
      skip += found.length - taken.length
      if (taken.length === 0) continue
      const ids = taken.map(({ mail }) => sha256(mail))
      await this.parts.exchange.ask(keeper, encodeMailRequest({ ask: 'drop', ids }))
      await this.#acknowledge(keeper, taken)
    }
  }

  #read(keeper: string, frames: readonly Uint8Array[]): FetchedMail[] {
    try {
      return frames.map(readFetched)
    } catch (error) {
      if (error instanceof EntryRefused) this.parts.exchange.bar(keeper, error.message)
      throw error
    }
  }

  /** Senders hear that it has arrived: at once, or when they come by the same neighbour. What is lost is asked again. */
  async #acknowledge(keeper: string, taken: readonly FetchedMail[]): Promise<void> {
    const connected = await this.parts.exchange.devices()
    const bySender = groupedBy(
      taken.filter(({ mail }) => !isReceipt(mail)),
      ({ from }) => hexOf(from),
    )
    for (const [sender, pieces] of bySender) {
      const to = bytesOf(sender)
      const receipt = makeReceipt(
        this.parts.device,
        to,
        pieces.map(({ mail }) => sha256(mail)),
      )
      const isHere = connected.includes(sender)
      const request = isHere
        ? ({ ask: 'deliver', mail: [receipt], grants: [] } as const)
        : ({ ask: 'keep', to, mail: [receipt], grants: [] } as const)
      await this.parts.exchange.ask(isHere ? sender : keeper, encodeMailRequest(request)).catch(() => undefined)
    }
  }

  async #take(mail: Uint8Array, from: string, grants: readonly SentEntry[], isSecond = false): Promise<Delivered> {
    const messages = this.parts.messages()
    if (messages === null) return 'later'
    if (isReceipt(mail)) {
      const receipt = readReceipt(mail, this.parts.device.publicKey)
      if (receipt !== null && messages.arrived(receipt.device, receipt.digests)) this.parts.onArrived()
      return 'taken'
    }
    try {
      const events = await messages.receive(mail, from)
      if (events.length > 0) this.parts.onEvents(events)
      return 'taken'
    } catch (error) {
      if (!(error instanceof MessageRefused)) {
        this.parts.say('error', 'a message could not be taken', { error: String(error) })
        return 'later'
      }
      if (error.fault !== 'stranger') {
        this.parts.say('info', 'a message was refused', { from, fault: error.fault, reason: error.message })
        return 'taken'
      }
      if (isSecond || !(await this.parts.finder.find(error.strangers, grants, from))) return 'later'
      return this.#take(mail, from, grants, true)
    }
  }

  async #keep(from: string, { to, mail, grants }: Extract<MailRequest, { ask: 'keep' }>) {
    const { mailbox, isKnown, now, exchange } = this.parts
    const recipient = hexOf(to)
    if (mailbox === null || recipient === this.#self || recipient === from) return mail.map(() => 'full' as const)
    const isStrange = !isKnown(from) && !isKnown(recipient)
    const answers = mailbox.offer({ to: recipient, from, mail, grants, isStrange }, now())
    if (answers.includes('kept') && (await exchange.devices()).includes(recipient)) {
      void exchange.ask(recipient, encodeMailRequest({ ask: 'waiting' })).catch(() => undefined)
    }
    return answers
  }

  #fetched(device: string, skip: number): Uint8Array[] {
    const most = { count: MAIL_AT_ONCE, bytes: MAIL_BYTES_AT_ONCE, skip }
    const kept = this.parts.mailbox?.waiting(device, most, this.parts.now()) ?? []
    return kept.map(({ from, mail, grants }) => encodeFetched({ from: bytesOf(from), mail, grants }))
  }

  #report(device: string, error: unknown): void {
    const isTheirs = error instanceof EntryRefused || error instanceof StudioError
    this.parts.say(isTheirs ? 'info' : 'error', 'kept mail was not fetched', { device, reason: String(error) })
  }
}
