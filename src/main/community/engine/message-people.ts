import { setTimeout as sleep } from 'node:timers/promises'
import type { Conversation, MessageEvent } from '@shared/community/direct-conversation'
import { StudioError } from '@shared/errors'
import type { DirectMessages } from '../messages/direct-messages'
import { MessageRefused } from '../messages/message-refused'
import { hexOf } from '../messages/mls-credential'
import type { Community } from './community'
import { KEY_PACKAGE, type MessageDesk } from './message-desk'

/** How long peers are asked for somebody's newest keys. */
const ASKED_MS = 5_000
const LOOK_EVERY_MS = 100

type Needs = Pick<Community, 'me' | 'log' | 'sync' | 'neighbourhood' | 'reader' | 'filter'>

/** Who is in a conversation: beginning one, adding, taking out, and the new computers of those who are in it. */
export class MessagePeople {
  constructor(
    private readonly community: Needs,
    private readonly desk: MessageDesk,
  ) {}

  /** Key packages of all devices of an account that can be used, without this device's own. */
  async packagesOf(account: string): Promise<{ device: string; package: Uint8Array }[]> {
    const { log } = this.community
    const messages = await this.desk.messages()
    const found: { device: string; package: Uint8Array }[] = []
    for (const key of log.devices(account)) {
      const device = hexOf(key)
      if (device === this.desk.device || !this.desk.isDeviceOf({ account, device })) continue
      const body = log.current(account, KEY_PACKAGE, device)?.body as { package: Uint8Array } | null | undefined
      const owner = body == null ? null : await messages.ownerOf(body.package)
      if (owner?.device === device && owner.account === account) found.push({ device, package: body!.package })
    }
    return found
  }

  /** The same, after peers were asked for what is new; of somebody new it is waited for until a peer has told. */
  async find(account: string): Promise<{ device: string; package: Uint8Array }[]> {
    this.community.neighbourhood.visit(account)
    const until = performance.now() + ASKED_MS
    await Promise.race([this.community.sync.refresh(account), sleep(ASKED_MS, undefined, { ref: false })])
    for (;;) {
      const found = await this.packagesOf(account)
      if (found.length > 0 || performance.now() > until) return found
      await sleep(LOOK_EVERY_MS)
    }
  }

  /** Begins a conversation, or finds the one with this person. Throws StudioError `messages-unreachable` and others. */
  async start(accounts: readonly string[], title: string): Promise<string> {
    const messages = await this.desk.messages()
    const { me } = this.community
    const others = [...new Set(accounts)].filter((account) => account !== me)
    if (others.length === 0) throw new StudioError('messages-alone', 'Pick somebody else to write to.')
    this.#mustBeWelcome(others)
    if (others.length === 1 && title === '') {
      const known = this.#directWith(messages, others[0]!)
      if (known !== undefined) {
        messages.setConsent(known.id, 'accepted')
        return known.id
      }
    }
    const packages = [...(await this.#packages(others)), ...(await this.packagesOf(me!))]
    const kind = others.length === 1 && title === '' ? 'direct' : 'group'
    const bytes = packages.map((one) => one.package)
    const id = await plainly(messages.start(kind, bytes, title))
    this.desk.wake()
    return id
  }

  async add(conversation: string, accounts: readonly string[]): Promise<void> {
    const messages = await this.desk.messages()
    const known = mustBe(messages.about(conversation))
    this.#mustBeWelcome(accounts)
    const inside = new Set(known.members.map(({ device }) => device))
    const packages = (await this.#packages(accounts)).filter(({ device }) => !inside.has(device))
    if (packages.length === 0) return
    if (known.kind === 'direct') {
      throw new StudioError('messages-direct', 'This conversation stays between two. Start a new one for more people.')
    }
    const bytes = packages.map((one) => one.package)
    if (known.isOwner) await plainly(messages.change(conversation, bytes, []))
    else for (const one of packages) await messages.ask(conversation, { add: one.package })
    this.desk.wake()
  }

  async remove(conversation: string, account: string): Promise<void> {
    const messages = await this.desk.messages()
    const known = mustBe(messages.about(conversation))
    if (account === this.community.me) return this.leave(conversation)
    if (known.isOwner) await this.#takeOut(messages, known, account)
    else await messages.ask(conversation, { remove: account })
    this.desk.wake()
  }

  /** Who owns it takes all others out; others ask to be taken out, and hear nothing more at once. */
  async leave(conversation: string): Promise<void> {
    const messages = await this.desk.messages()
    const known = mustBe(messages.about(conversation))
    if (known.isOwner) {
      const others = known.members.filter(({ device }) => device !== this.desk.device)
      if (others.length > 0) await messages.change(conversation, [], others)
    } else if (known.isActive) await messages.ask(conversation, { remove: this.community.me! })
    messages.setConsent(conversation, 'left')
    this.desk.wake()
  }

  /** The owner does what a member asked for, and everything else that asks for the same, or not. */
  async settle(conversation: string, wish: number, agree: boolean): Promise<void> {
    const messages = await this.desk.messages()
    const known = mustBe(messages.about(conversation))
    const wishes = await this.wishes(known)
    const asked = wishes.find(({ keys }) => keys.includes(wish))
    if (asked === undefined) return
    if (agree && asked.kind === 'remove') await this.#takeOut(messages, known, asked.account)
    if (agree && asked.kind === 'add') await this.add(conversation, [asked.account])
    for (const key of asked.keys) messages.settle(key)
    this.desk.wake()
  }

  /** What members ask of the owner; several about one person are one. */
  async wishes({ id, isOwner }: Conversation) {
    const messages = await this.desk.messages()
    const all: { keys: number[]; by: string; kind: 'add' | 'remove'; account: string }[] = []
    if (!isOwner) return all
    for (const { key, by, ask } of messages.requests(id)) {
      const account = ask.add === undefined ? ask.remove : (await messages.ownerOf(ask.add))?.account
      if (account === undefined) continue
      const kind = ask.add === undefined ? 'remove' : 'add'
      const same = all.find((one) => one.kind === kind && one.account === account && one.by === by.account)
      if (same !== undefined) same.keys.push(key)
      else all.push({ keys: [key], by: by.account, kind, account })
    }
    return all
  }

  /** Does by itself what needs nobody's word: who leaves goes, and who is in it may come with another computer. */
  async obey(events: readonly MessageEvent[]): Promise<void> {
    for (const event of events) {
      if (event.kind !== 'request') continue
      const messages = await this.desk.messages()
      const known = mustBe(messages.about(event.conversation))
      for (const wish of await this.wishes(known)) {
        const isInside = known.members.some(({ account }) => account === wish.account)
        const isLeaving = wish.kind === 'remove' && wish.account === wish.by
        const isGone = wish.kind === 'remove' && !isInside
        if (isLeaving || isGone || (wish.kind === 'add' && isInside))
          await this.settle(event.conversation, wish.keys[0]!, !isGone)
      }
    }
  }

  /** Other computers of those who are in own conversations join them; those that lost their grant go. */
  async renew(accounts: ReadonlySet<string>): Promise<void> {
    const messages = this.desk.opened
    if (messages === null) return
    for (const { id, isOwner, isActive, members } of messages.conversations()) {
      const people = new Set(members.map(({ account }) => account).filter((account) => accounts.has(account)))
      if (!isOwner || !isActive || people.size === 0 || messages.consent(id) === 'left') continue
      const inside = new Set(members.map(({ device }) => device))
      const packages = (await Promise.all([...people].map((account) => this.packagesOf(account)))).flat()
      const fresh = packages.filter(({ device }) => !inside.has(device)).map((one) => one.package)
      if (fresh.length === 0 && messages.lostMembers(id).length === 0) continue
      await messages.change(id, fresh, [])
      this.desk.wake()
    }
  }

  /** What people call somebody. */
  nameOf(account: string): string {
    const card = this.community.reader.cards.personOf(account, this.community.filter())
    return card?.body.name ?? `${account.slice(0, 6)}…${account.slice(-4)}`
  }

  async #takeOut(messages: DirectMessages, { id, members }: Conversation, account: string): Promise<void> {
    const gone = members.filter((member) => member.account === account)
    if (gone.length > 0) await messages.change(id, [], gone)
  }

  async #packages(accounts: readonly string[]): Promise<{ device: string; package: Uint8Array }[]> {
    const found = await Promise.all(accounts.map((account) => this.find(account)))
    const missing = accounts.filter((_, at) => found[at]!.length === 0).map((account) => this.nameOf(account))
    if (missing.length === 0) return found.flat()
    throw new StudioError(
      'messages-unreachable',
      `${missing.join(', ')} cannot be written to yet: no computer of theirs has told how. They need WE Studio with an account, and must have been online while you were.`,
    )
  }

  #mustBeWelcome(accounts: readonly string[]): void {
    const barred = accounts.find((account) => this.community.filter().bars(account))
    if (barred === undefined) return
    throw new StudioError(
      'messages-blocked',
      `You have blocked ${this.nameOf(barred)}. Unblock them in Settings › Safety first.`,
    )
  }

  /** Where both began one at the same time, both go on in the one with the lowest id. */
  #directWith(messages: DirectMessages, account: string): Conversation | undefined {
    const all = messages.conversations().filter(({ id, kind, isActive, members }) => {
      const isWithThem = members.some((member) => member.account === account)
      const choice = messages.consent(id)
      return kind === 'direct' && isActive && isWithThem && choice !== 'left' && choice !== 'refused'
    })
    return all.sort((one, other) => (one.id < other.id ? -1 : 1))[0]
  }
}

/** A refusal of the person's own doing, in words for them. */
async function plainly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!(cause instanceof MessageRefused)) throw cause
    const words =
      cause.fault === 'too-many'
        ? 'A conversation has room for 250 computers in all. Take somebody out first, or begin another one.'
        : 'Somebody changed their computers at this moment. Try it again.'
    throw new StudioError('messages-refused', words, { cause })
  }
}

/** Throws StudioError `conversation-unknown`. */
export function mustBe(conversation: Conversation | undefined): Conversation {
  if (conversation !== undefined) return conversation
  throw new StudioError('conversation-unknown', 'This conversation is not on this computer. Start a new one.')
}
