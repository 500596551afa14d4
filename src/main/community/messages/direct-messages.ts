import { randomBytes } from 'node:crypto'
import type {
  Conversation,
  ConversationKind,
  HistoryLine,
  MemberId,
  MessageEvent,
  StoredText,
} from '@shared/community/direct-conversation'
import {
  encodeDirectMessage,
  readDirectMessage,
  type DirectAsk,
  type DirectMessage,
  type DirectText,
} from '@shared/community/direct-message'
import { EntryRefused } from '@shared/community/entry-refused'
import { StudioError } from '@shared/errors'
import type { E2ee, GroupView, Opened } from './e2ee'
import { MessageRefused } from './message-refused'
import { MessageStore, sha256, type Consent, type ConversationRow, type Parcel, type TextSpan } from './message-store'
import { hexOf, type DeviceSigner } from './mls-credential'
import { MlsE2ee } from './mls-e2ee'

const DAY = 86_400_000
/** A new key package each week; old ones open invitations for two days longer than others may use them. */
const PACKAGE_AGE = 7 * DAY
const PACKAGE_LIFE = 28 * DAY
const GRACE = 2 * DAY
/** Clocks may be this far ahead, as for entries of the log. */
const AHEAD = 10 * 60_000
const HELD_LIFE = 30 * DAY
const PARCEL_LIFE = 30 * DAY
const FIRST_RETRY = 5_000
const LAST_RETRY = 6 * 3_600_000
/** A search by words opens at most this many of a conversation's newest messages. */
const SEARCHED = 5_000

export interface DirectMessagesOptions {
  /** `messages.sqlite` of the profile. */
  readonly path: string
  /** 32 bytes from the wallet's secret; seals what lies on disk. */
  readonly key: Uint8Array
  /** 0x, lower case. */
  readonly account: string
  readonly device: DeviceSigner
  /** Whether an account has granted a device, from the log; revoked ones are none. */
  readonly isDeviceOf: (member: MemberId) => boolean
  /** Whether this person wants to be in a conversation that somebody else began; always when left out. */
  readonly wants?: (conversation: Pick<Conversation, 'id' | 'owner' | 'members'>) => boolean
  /** Whether a text of an account is kept in a conversation; always when left out. */
  readonly hears?: (conversation: string, sender: MemberId) => boolean
  readonly now?: () => number
  readonly e2ee?: E2ee
}

type Span = Partial<TextSpan>

type Spoken = Pick<DirectText, 'text'> & Partial<Pick<DirectText, 'reply' | 'files'>>

/**
 * [Note: On disk before it leaves]
 * Each method that makes something for others writes the new group state, the outgoing parcels and the own history in
 * one transaction and returns after it. Sockets are given only what `due` reads back. So a process that dies before
 * the transaction has told nobody anything and may use the same keys again; one that dies after it sends the very same
 * bytes. Two processes with one profile are told apart by the row's version: the later one gets `messages-busy`. No
 * generation encrypts two messages that could both be seen.
 *
 * [Note: Asking, not proposing]
 * Only the owner commits. Other members ask by an encrypted message of kind `ask`, not by an MLS proposal: a proposal
 * that waits forbids everybody who saw it to send (RFC 9420, 15.2; ts-mls enforces it), so that an owner who is away
 * would silence the group, and it dies with its epoch.
 *
 * The messages of one device: conversations of two or more people, their keys, history and what is to be sent. All
 * calls that encrypt or decrypt run one after the other.
 */
export class DirectMessages {
  readonly #store: MessageStore
  readonly #e2ee: E2ee
  readonly #self: MemberId
  readonly #now: () => number
  readonly #isDeviceOf: (member: MemberId) => boolean
  readonly #wants: NonNullable<DirectMessagesOptions['wants']>
  readonly #hears: NonNullable<DirectMessagesOptions['hears']>
  #last: Promise<unknown> = Promise.resolve()
  readonly #identity: Uint8Array

  private constructor(options: DirectMessagesOptions, store: MessageStore, e2ee: E2ee, identity: Uint8Array) {
    this.#store = store
    this.#e2ee = e2ee
    this.#identity = identity
    this.#self = { account: options.account, device: hexOf(options.device.publicKey) }
    this.#now = options.now ?? Date.now
    this.#isDeviceOf = options.isDeviceOf
    this.#wants = options.wants ?? (() => true)
    this.#hears = options.hears ?? (() => true)
  }

  /** Throws StudioError `messages-broken`, `messages-newer` or `messages-sealed`. */
  static async open(options: DirectMessagesOptions): Promise<DirectMessages> {
    const store = new MessageStore(options.path, options.key)
    try {
      const e2ee = options.e2ee ?? new MlsE2ee(options)
      let identity = store.identity
      if (identity === null) {
        identity = await e2ee.newIdentity()
        store.putIdentity(identity)
      }
      return new DirectMessages(options, store, e2ee, identity)
    } catch (error) {
      store.close()
      throw error
    }
  }

  /** Waits for what is running. */
  async close(): Promise<void> {
    await this.#last
    this.#store.close()
  }

  /** The body of the `dm.keypackage` entry by which others can write to this device; a new one each week. */
  keyPackage(): Promise<{ suite: string; package: Uint8Array }> {
    return this.#alone(async () => {
      const now = this.#now()
      const current = this.#store.keyPackageSince(now - PACKAGE_AGE)
      if (current !== null) return { suite: 'mls10-1', package: current }
      const [from, to] = [now - DAY, now + PACKAGE_LIFE].map((time) => Math.floor(time / 1000)) as [number, number]
      const made = await this.#e2ee.newKeyPackage(this.#identity, { from, to })
      this.#store.dropKeyPackages(now)
      this.#store.addKeyPackage(made, now, now + PACKAGE_LIFE + GRACE)
      return { suite: 'mls10-1', package: made.package }
    })
  }

  /**
   * Begins a conversation; this device owns it. `packages`: the newest key package of every device of everybody (own
   * other devices too). Returns its id. Throws MessageRefused over a key package.
   */
  start(kind: ConversationKind, packages: readonly Uint8Array[], title = ''): Promise<string> {
    return this.#alone(async () => {
      // The kind is the first byte of the id, which every message authenticates.
      const id = new Uint8Array(Buffer.concat([Buffer.of(kind === 'direct' ? 0 : 1), randomBytes(31)]))
      const alone = await this.#e2ee.create(this.#identity, id)
      const { state, welcome, added, view } = await this.#e2ee.change(alone, { add: packages, remove: [] })
      const [now, conversation] = [this.#now(), hexOf(id)]
      const named = title === '' ? null : await this.#sealed(state, { k: 'title', t: now, title })
      this.#store.atomically(() => {
        this.#store.putConversation(view, named?.state ?? state, title, now, null)
        if (welcome !== null) this.#store.post(conversation, null, welcome, added, now)
        if (named !== null) this.#store.post(conversation, null, named.message, this.#others(view.members), now)
      })
      return conversation
    })
  }

  /**
   * Owner only: adds devices by their key packages and takes devices out, who then can read nothing more. Members who
   * have lost their grants go with every change: nobody new could join beside them.
   */
  change(conversation: string, add: readonly Uint8Array[], remove: readonly MemberId[]): Promise<void> {
    return this.#alone(async () => {
      const before = this.#active(conversation)
      const lost = this.lostMembers(conversation).filter(({ device }) => !remove.some((gone) => gone.device === device))
      const made = await this.#e2ee.change(before.state, { add, remove: [...remove, ...lost] })
      const { view, commit, welcome, added } = made
      const now = this.#now()
      const isNamed = before.title !== '' && added.length > 0
      const named = isNamed ? await this.#sealed(made.state, { k: 'title', t: now, title: before.title }) : null
      this.#store.atomically(() => {
        this.#store.putConversation(view, named?.state ?? made.state, before.title, now, before.version)
        // Those who were taken out are told, too.
        this.#store.post(conversation, null, commit, this.#others(before.members), now)
        if (welcome !== null) this.#store.post(conversation, null, welcome, added, now)
        if (named !== null) this.#store.post(conversation, null, named.message, added, now)
      })
    })
  }

  /** Returns the message's id. It is on disk and on its way when this returns. */
  say(conversation: string, { text, reply, files }: Spoken): Promise<string> {
    const optional = { ...(reply === undefined ? {} : { reply }), ...(files === undefined ? {} : { files }) }
    return this.#send(conversation, { k: 'text', t: this.#now(), text, ...optional }, (id, body) => {
      if (body.k !== 'text') return
      this.#store.addText(conversation, { id, sender: this.#self, at: body.t, isMine: true, body })
    })
  }

  /** Marks everything up to a message as read, and tells the others. */
  async markRead(conversation: string, upTo: string): Promise<void> {
    const text = this.#store.text(conversation, upTo)
    const mark = this.#store.readMarks(conversation).find(({ account }) => account === this.#self.account)
    if (text === null || (mark !== undefined && mark.at >= text.at)) return
    const keep = () => void this.#store.putReadMark(conversation, this.#self.account, text)
    if (this.#store.conversation(conversation)?.isActive !== true) keep()
    else await this.#send(conversation, { k: 'read', t: this.#now(), upTo }, keep)
  }

  /** Owner only. */
  async rename(conversation: string, title: string): Promise<void> {
    const { owner } = this.#active(conversation)
    if (owner.device !== this.#self.device) throw new MessageRefused('not-owner', 'only the owner names a conversation')
    await this.#send(conversation, { k: 'title', t: this.#now(), title }, () => this.#setTitle(conversation, title))
  }

  /** Asks the owner to add a device by its key package, or to take a person (oneself: to leave) out. */
  async ask(conversation: string, wish: { add: Uint8Array } | { remove: string }): Promise<void> {
    const asked = 'add' in wish ? { add: Uint8Array.from(wish.add) } : { remove: wish.remove }
    await this.#send(conversation, { k: 'ask', t: this.#now(), ...asked }, () => undefined)
  }

  /** What members asked of the owner, oldest first. Answer it by `change` and `settle`. */
  requests(conversation: string): { key: number; by: MemberId; ask: DirectAsk }[] {
    return this.#store.requests(conversation)
  }

  settle(request: number): void {
    this.#store.dropRequest(request)
  }

  /**
   * Takes what a peer or mailbox brought. When it returns or throws MessageRefused, everything is on disk and the
   * sender is to be told that it arrived, also when it was `replayed` or refused: it would be so again. Only a
   * `stranger` is not told: the grant may come later, and the parcel comes again.
   * @param from device that brought it, 0x hex, proven by the transport
   */
  receive(bytes: Uint8Array, from: string): Promise<MessageEvent[]> {
    return this.#alone(async () => {
      const { events, conversation } = await this.#take(bytes, from)
      if (conversation !== null) events.push(...(await this.#takeWaiting(conversation)))
      return events
    })
  }

  /**
   * Parcels that are to be sent by now, in the order in which each device should get them. After 30 days without an
   * acknowledgement they are tried no more; their texts stay `undelivered`.
   */
  due(limit = 100): Parcel[] {
    const now = this.#now()
    return this.#store.due(now, now - PARCEL_LIFE, limit)
  }

  /**
   * After each attempt, and after handing it to mailboxes: it goes again, later each time, until acknowledged.
   * @param keepers mailbox peers that have it, by the number of the parcel; those that are not named have as many as before
   */
  tried(parcels: readonly Parcel[], keepers: ReadonlyMap<number, number> = new Map()): void {
    this.#store.unflushed(() => {
      for (const { id, to, attempts, keepers: before } of parcels) {
        const due = this.#now() + Math.min(FIRST_RETRY * 2 ** Math.min(attempts, 20), LAST_RETRY)
        this.#store.setTried(id, to.device, due, keepers.get(id) ?? before)
      }
    })
  }

  /** Should the power take it back, the parcel goes again and is known as taken before. */
  acknowledged(...parcels: readonly Pick<Parcel, 'id' | 'to'>[]): void {
    this.#store.unflushed(() => {
      for (const { id, to } of parcels) this.#store.drop(id, to.device)
    })
  }

  /** A device says that it has parcels on disk, named by the SHA-256 of their bytes. True when any was waiting for that. */
  arrived(device: string, digests: readonly Uint8Array[]): boolean {
    return this.#store.unflushed(() => digests.filter((digest) => this.#store.dropByDigest(digest, device)).length > 0)
  }

  /** When `due` has something next, Unix milliseconds; null: nothing is to be sent. */
  nextDue(): number | null {
    return this.#store.nextDue(this.#now() - PARCEL_LIFE)
  }

  /** A device has been met: what is for it is due at once, and what has fewer keepers than that. */
  met(device: string, keepers = 0): void {
    this.#store.unflushed(() => this.#store.hurry(device, keepers, this.#now()))
  }

  /** All that has not arrived of a conversation is sent again, also what was given up. */
  retry(conversation: string): void {
    this.#store.atomically(() => this.#store.renew(conversation, this.#now()))
  }

  /** What the person said about a conversation; null: nothing yet. */
  consent(conversation: string): Consent | null {
    return this.#store.consent(conversation)
  }

  setConsent(conversation: string, choice: Consent | null): void {
    this.#store.putConsent(conversation, choice)
  }

  /** Whose key package it is; null for one that cannot be used, or not any more. */
  async ownerOf(keyPackage: Uint8Array): Promise<MemberId | null> {
    try {
      const { member, expires } = await this.#e2ee.readKeyPackage(keyPackage)
      return expires * 1000 > this.#now() ? member : null
    } catch (error) {
      if (error instanceof MessageRefused) return null
      throw error
    }
  }

  /** A text by its id; null: it is not here. */
  line(conversation: string, id: string): HistoryLine | null {
    const text = this.#store.text(conversation, id)
    return text && this.#line(conversation, text)
  }

  /** Others' texts in a conversation, counted up to `most`. */
  heard(conversation: string, most: number): number {
    return this.#store.heard(conversation, most)
  }

  /** Most recently used first. */
  conversations(): Conversation[] {
    return this.#store.conversationIds().map((id) => this.#view(id, this.#known(id)))
  }

  /** Undefined: it is not on this computer. */
  about(conversation: string): Conversation | undefined {
    const row = this.#store.conversation(conversation)
    return row === null ? undefined : this.#view(conversation, row)
  }

  /** Members whose device has lost its grant: nothing of them is taken any more, and the owner should take them out. */
  lostMembers(conversation: string): MemberId[] {
    return this.#known(conversation).members.filter((member) => !this.#isSelf(member) && !this.#isDeviceOf(member))
  }

  /** Newest first, from <= time < to (Unix milliseconds), older than the text `before`. */
  history(conversation: string, span: Span = {}): HistoryLine[] {
    const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100 }
    return this.#store.texts(conversation, { ...all, ...span }).map((text) => this.#line(conversation, text))
  }

  /** The newest texts that have all the words, whatever their case; of the newest 5,000 in the span. */
  find(conversation: string, words: string, span: Span = {}): HistoryLine[] {
    const { from = 0, to = Number.MAX_SAFE_INTEGER, limit = 100 } = span
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
    const texts = this.#store.texts(conversation, { from, to, limit: SEARCHED })
    const found = texts.filter(({ body }) => wanted.every((word) => body.text.toLowerCase().includes(word)))
    return found.slice(0, limit).map((text) => this.#line(conversation, text))
  }

  readMarks(conversation: string): { account: string; at: number; id: string }[] {
    return this.#store.readMarks(conversation)
  }

  async #take(bytes: Uint8Array, from: string): Promise<{ events: MessageEvent[]; conversation: string | null }> {
    const peeked = this.#e2ee.peek(bytes)
    if (peeked.kind === 'welcome') return this.#join(bytes, peeked.refs)
    const id = hexOf(peeked.group)
    const known = this.#store.conversation(id)
    if (known?.isActive === true && peeked.epoch <= known.epoch) {
      return { events: await this.#opened(id, known, bytes), conversation: id }
    }
    // Taken out, or an answer from before: nothing will ever open it. An invitation anew begins at a later epoch.
    if (known !== null && peeked.epoch <= known.epoch) throw new MessageRefused('not-member', 'taken out of the group')
    const now = this.#now()
    this.#store.atomically(() => {
      this.#store.dropWaiting(now - HELD_LIFE)
      if (!this.#store.hold(bytes, from, peeked.group, peeked.epoch, now))
        throw new MessageRefused('replayed', 'it waits already')
    })
    return { events: [{ kind: 'held' }], conversation: null }
  }

  async #join(bytes: Uint8Array, refs: readonly Uint8Array[]) {
    let secrets: Uint8Array | null = null
    for (const ref of refs) secrets ??= this.#store.keyPackageSecrets(ref)
    if (secrets === null) throw new MessageRefused('not-for-us', 'an invitation for no key package of this device')
    const { state, view } = await this.#e2ee.join(bytes, secrets)
    const conversation = hexOf(view.id)
    const before = this.#store.conversation(conversation)
    if (before !== null && (before.isActive || before.epoch >= view.epoch))
      throw new MessageRefused('replayed', 'an invitation that was taken before')
    // A former member knows the number of the group, and could go on under its name.
    if (before !== null && before.owner.device !== view.owner.device)
      throw new MessageRefused('not-owner', 'an invitation into a conversation of somebody else')
    const { owner, members } = view
    if (!this.#wants({ id: conversation, owner, members })) throw new MessageRefused('unwanted', 'of somebody unwanted')
    this.#store.putConversation(view, state, before?.title ?? '', this.#now(), before?.version ?? null)
    return { events: [{ kind: 'joined', conversation }] satisfies MessageEvent[] as MessageEvent[], conversation }
  }

  /** What waited for the epoch that has come; what is wrong with it concerns nobody but its sender. */
  async #takeWaiting(conversation: string): Promise<MessageEvent[]> {
    const events: MessageEvent[] = []
    for (;;) {
      const known = this.#known(conversation)
      const next = this.#store.waiting(conversation, known.epoch)
      if (next === null) return events
      try {
        if (known.isActive) events.push(...(await this.#opened(conversation, known, next.bytes)))
      } catch (error) {
        if (!(error instanceof MessageRefused)) throw error
      }
      this.#store.unhold(next.key)
    }
  }

  async #opened(conversation: string, known: ConversationRow, bytes: Uint8Array): Promise<MessageEvent[]> {
    const opened = await this.#e2ee.open(known.state, bytes)
    if (opened.kind === 'change') return this.#changed(conversation, known, opened.state, opened.view)
    const body = bodyOf(opened)
    return this.#store.atomically(() => {
      // Also for a body that is no message: its keys are used up, and it must not come again.
      this.#store.putState(conversation, opened.state, known.version)
      return body === null ? [] : this.#heard(conversation, known, opened.sender, body, hexOf(sha256(bytes)))
    })
  }

  #changed(conversation: string, known: ConversationRow, state: Uint8Array, view: GroupView): MessageEvent[] {
    this.#store.putConversation(view, state, known.title, this.#now(), known.version)
    return [{ kind: view.isActive ? 'changed' : 'removed', conversation }]
  }

  #heard(
    conversation: string,
    known: ConversationRow,
    sender: MemberId,
    body: DirectMessage,
    id: string,
  ): MessageEvent[] {
    switch (body.k) {
      case 'text': {
        if (!this.#hears(conversation, sender)) return []
        const at = Math.min(body.t, this.#now() + AHEAD)
        const text: StoredText = { id, sender, at, isMine: sender.account === this.#self.account, body }
        this.#store.addText(conversation, text)
        return [{ kind: 'text', conversation, text }]
      }
      case 'read': {
        const text = this.#store.text(conversation, body.upTo)
        if (text === null || !this.#store.putReadMark(conversation, sender.account, text)) return []
        return [{ kind: 'read', conversation, account: sender.account, upTo: body.upTo }]
      }
      case 'title':
        if (sender.device !== known.owner.device) return []
        this.#setTitle(conversation, body.title)
        return [{ kind: 'title', conversation, title: body.title }]
      case 'ask':
        if (!this.#isSelf(known.owner)) return []
        this.#store.addRequest(conversation, sender, body)
        return [{ kind: 'request', conversation, by: sender, ask: body }]
    }
  }

  #view(id: string, { title, owner, members, isActive, updated }: ConversationRow): Conversation {
    const people = new Set(members.map(({ account }) => account)).size
    const kind = id.startsWith('0x00') && people <= 2 ? 'direct' : 'group'
    const unread = this.#store.unread(id, this.#self.account)
    return { ...{ id, kind, title, owner, members, isActive, updated, unread }, isOwner: this.#isSelf(owner) }
  }

  #setTitle(conversation: string, title: string): void {
    const { state, version } = this.#known(conversation)
    this.#store.putConversation(this.#e2ee.view(state), state, title, this.#now(), version)
  }

  #send(conversation: string, body: DirectMessage, also: (id: string, body: DirectMessage) => void): Promise<string> {
    return this.#alone(async () => {
      const { state: before, members, version } = this.#active(conversation)
      const { state, message } = await this.#sealed(before, body)
      const id = hexOf(sha256(message))
      this.#store.atomically(() => {
        this.#store.putState(conversation, state, version)
        this.#store.post(conversation, body.k === 'text' ? id : null, message, this.#others(members), this.#now())
        also(id, body)
      })
      return id
    })
  }

  #sealed(state: Uint8Array, body: DirectMessage): Promise<{ state: Uint8Array; message: Uint8Array }> {
    let plain: Uint8Array
    try {
      plain = encodeDirectMessage(body)
    } catch (cause) {
      throw new StudioError(
        'message-unfit',
        'This message cannot be sent: it is empty, longer than 4,000 characters, or has more than 10 files. Shorten or split it.',
        { cause },
      )
    }
    return this.#e2ee.encrypt(state, plain)
  }

  #line(conversation: string, text: StoredText): HistoryLine {
    if (!text.isMine) return { ...text, undelivered: [], isKept: true }
    const { accounts, isKept } = this.#store.undelivered(conversation, text.id)
    return { ...text, undelivered: accounts, isKept }
  }

  #others(members: readonly MemberId[]): MemberId[] {
    return members.filter((member) => !this.#isSelf(member))
  }

  #isSelf({ device }: MemberId): boolean {
    return device === this.#self.device
  }

  #known(conversation: string): ConversationRow {
    const row = this.#store.conversation(conversation)
    if (row !== null) return row
    throw new StudioError('conversation-unknown', 'This conversation is not on this computer. Start a new one.')
  }

  #active(conversation: string): ConversationRow {
    const row = this.#known(conversation)
    if (row.isActive) return row
    throw new StudioError(
      'conversation-left',
      'You are no longer in this conversation. You can read what was said before; ask its owner to add you again.',
    )
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work)
    this.#last = next.catch(() => undefined)
    return next
  }
}

/** Null for what is no message that we know: newer versions may say more. */
function bodyOf({ plain }: Extract<Opened, { kind: 'text' }>): DirectMessage | null {
  try {
    return readDirectMessage(plain)
  } catch (error) {
    if (error instanceof EntryRefused) return null
    throw error
  }
}
