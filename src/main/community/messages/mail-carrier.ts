import type { MailExchange } from '@shared/community/mail-exchange'
import {
  DELIVERED,
  encodeMailRequest,
  KEPT,
  MAIL_AT_ONCE,
  MAIL_BYTES_AT_ONCE,
  readVerdicts,
} from '@shared/community/mail-messages'
import type { SentEntry } from '@shared/community/log-messages'
import { StudioError } from '@shared/errors'
import { EntryRefused } from '@shared/community/entry-refused'
import type { Log } from '../../platform/log'
import type { DirectMessages } from './direct-messages'
import { groupedBy } from './grouped-by'
import { KEEPERS, keepersFor } from './keepers'
import type { Parcel } from './message-store'
import { bytesOf } from './mls-credential'

/** Parcels that are read at once, and devices that are served at once. */
const AT_ONCE = 200
const DEVICES_AT_ONCE = 8
/** Neighbours that are asked for room before it is left for later. */
const ASKED = 2 * KEEPERS
/** Tried so often, its keepers may have lost it: it is offered again. */
const DOUBT_AFTER = 8
const LONGEST_SLEEP_MS = 60_000
const SHORTEST_SLEEP_MS = 20
/** Newcomers are offered what waits at most so often. */
const OFFER_EVERY_MS = 5_000
const MOST_KNOWING = 1_000

export interface CarrierParts {
  readonly messages: Pick<DirectMessages, 'due' | 'tried' | 'acknowledged' | 'nextDue' | 'met'>
  readonly exchange: MailExchange
  /** First entries of the logs of the own account. */
  readonly grants: () => readonly SentEntry[]
  /** Looks for a device that is not connected. */
  readonly seek: (device: string) => void
  /** Something has arrived, or is kept by others now. */
  readonly onCarried: () => void
  readonly now: () => number
  readonly say: Log
}

/**
 * Carries parcels out: to the device itself when it is connected, else to neighbours who keep them, until it is known
 * that they have arrived. Wakes when there is something new, when a device connects, and when the next retry is due.
 */
export class MailCarrier {
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #again = false
  #isStopped = false
  #offered = 0
  /** Devices that know by now whom this one acts for; the longest unused first. */
  readonly #knowing = new Set<string>()

  constructor(private readonly parts: CarrierParts) {}

  /** There may be something to send. */
  wake(): void {
    if (this.#isStopped) return
    this.#again = true
    this.#running ??= this.#run().finally(() => (this.#running = null))
  }

  /** A device has connected: it gets what is for it, and may keep what has too few keepers. */
  met(device: string): void {
    const { messages, now } = this.parts
    const isSoon = now() - this.#offered < OFFER_EVERY_MS
    if (!isSoon) this.#offered = now()
    messages.met(device, isSoon ? 0 : KEEPERS)
    this.wake()
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#isStopped) {
        this.#again = false
        while (await this.#round());
      }
      this.#sleep()
    } catch (error) {
      this.parts.say('error', 'messages were not carried', { error: String(error) })
      this.#sleep(LONGEST_SLEEP_MS)
    }
  }

  #sleep(atLeast = SHORTEST_SLEEP_MS): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    const next = this.#isStopped ? null : this.parts.messages.nextDue()
    if (next === null) return
    const wait = Math.min(Math.max(next - this.parts.now(), atLeast), LONGEST_SLEEP_MS)
    this.#timer = setTimeout(() => this.wake(), wait)
  }

  /** Each parcel that is due gets one attempt. False: none was due. */
  async #round(): Promise<boolean> {
    const due = this.parts.messages.due(AT_ONCE)
    if (due.length === 0 || this.#isStopped) return false
    const connected = await this.parts.exchange.devices().catch(() => [])
    const waiting = [...groupedBy(due, ({ to }) => to.device)]
    const serve = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await this.#serve(next[0], next[1], connected)
      }
    }
    await Promise.all(Array.from({ length: DEVICES_AT_ONCE }, serve))
    this.parts.onCarried()
    return true
  }

  async #serve(device: string, parcels: readonly Parcel[], connected: readonly string[]): Promise<void> {
    const isHere = connected.includes(device)
    const left = isHere ? await this.#deliver(device, parcels) : parcels
    if (left.length === 0) return
    const keepers = await this.#keep(device, left, connected)
    this.parts.messages.tried(left, keepers)
    if (!isHere) this.parts.seek(device)
  }

  /** Resolves to those that did not get there. */
  async #deliver(device: string, parcels: readonly Parcel[]): Promise<readonly Parcel[]> {
    const { messages } = this.parts
    let left = parcels
    for (const some of batches(parcels)) {
      const mail = some.map(({ bytes }) => bytes)
      const grants = this.#knowing.has(device) ? [] : this.parts.grants()
      const verdicts = await this.#ask(device, { ask: 'deliver', mail, grants }, DELIVERED)
      if (verdicts === null) return left
      this.#note(device, !verdicts.includes('later'))
      messages.acknowledged(...some.filter((_, at) => verdicts[at] === 'taken'))
      const later = some.filter((_, at) => verdicts[at] === 'later')
      if (later.length > 0) messages.tried(later)
      left = left.slice(some.length)
    }
    return left
  }

  #note(device: string, isKnowing: boolean): void {
    this.#knowing.delete(device)
    if (isKnowing) this.#knowing.add(device)
    const [oldest] = this.#knowing
    if (this.#knowing.size > MOST_KNOWING && oldest !== undefined) this.#knowing.delete(oldest)
  }

  /** Resolves to how many keepers have each parcel that was offered. */
  async #keep(
    device: string,
    parcels: readonly Parcel[],
    connected: readonly string[],
  ): Promise<ReadonlyMap<number, number>> {
    const offered = parcels.filter(({ keepers, attempts }) => keepers < KEEPERS || attempts >= DOUBT_AFTER)
    const counts = new Map(offered.map(({ id }) => [id, 0]))
    for (const keeper of keepersFor(device, connected).slice(0, ASKED)) {
      const wanting = offered.filter(({ id }) => counts.get(id)! < KEEPERS)
      if (wanting.length === 0) break
      for (const some of batches(wanting)) {
        const mail = some.map(({ bytes }) => bytes)
        const request = { ask: 'keep', to: bytesOf(device), mail, grants: this.parts.grants() } as const
        const verdicts = await this.#ask(keeper, request, KEPT)
        if (verdicts === null) break
        some.forEach(({ id }, at) => {
          if (verdicts[at] !== 'full') counts.set(id, counts.get(id)! + 1)
        })
      }
    }
    return counts
  }

  /** Null: no answer, or none that can be read. */
  async #ask<T extends string>(
    device: string,
    request: Parameters<typeof encodeMailRequest>[0] & { mail: readonly Uint8Array[] },
    words: readonly T[],
  ): Promise<readonly T[] | null> {
    try {
      const [frame] = await this.parts.exchange.ask(device, encodeMailRequest(request))
      return readVerdicts(words, frame, request.mail.length)
    } catch (error) {
      if (error instanceof EntryRefused) this.parts.exchange.bar(device, error.message)
      else if (!(error instanceof StudioError)) throw error
      return null
    }
  }
}

/** Pieces that go into one request. */
function batches(parcels: readonly Parcel[]): Parcel[][] {
  const all: Parcel[][] = []
  let bytes = 0
  for (const parcel of parcels) {
    bytes += parcel.bytes.length
    const last = all.at(-1)
    if (last === undefined || last.length >= MAIL_AT_ONCE || bytes > MAIL_BYTES_AT_ONCE) {
      all.push([parcel])
      bytes = parcel.bytes.length
    } else last.push(parcel)
  }
  return all
}
