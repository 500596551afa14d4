import type { Conversation, HistoryLine } from '@shared/community/direct-conversation'
import type {
  ConversationView,
  FoundMessage,
  MessageLine,
  MessagePage,
  MessagePerson,
  MessagesState,
  MessageState,
} from '@shared/community/message-views'
import type { DirectMessages } from '../messages/direct-messages'
import type { Community } from './community'
import type { MessageDesk } from './message-desk'
import type { MessagePeople } from './message-people'

const MOST_FOUND = 100
/** Of each conversation when all are looked through. */
const FOUND_OF_ONE = 20

/** What the page shows of the messages, for this person: names, folders, and nothing of whom they blocked. */
export class MessageViews {
  constructor(
    private readonly community: Pick<Community, 'me' | 'reader' | 'filter'>,
    private readonly desk: MessageDesk,
    private readonly people: MessagePeople,
  ) {}

  async state(): Promise<MessagesState> {
    const messages = this.desk.opened
    const { problem, keeping } = this.desk
    const neighbours = (await this.desk.line.devices().catch(() => [])).length
    const all = { keeping, neighbours, problem: problem && { code: problem.code, message: problem.message } }
    if (messages === null) return { ...all, ready: false, conversations: [], requests: [] }
    const shown = messages.conversations().filter((one) => this.#isShown(one))
    const requests = this.desk.consent.requests(shown)
    const views = await Promise.all(shown.map((one) => this.#view(messages, one, requests.has(one.id))))
    return {
      ...{ ...all, ready: true },
      conversations: views.filter(({ isRequest }) => !isRequest),
      requests: views.filter(({ isRequest, isActive }) => isRequest && isActive),
    }
  }

  async conversation(id: string): Promise<ConversationView | null> {
    const messages = await this.desk.messages()
    const known = messages.about(id)
    if (known === undefined || !this.#isShown(known)) return null
    return this.#view(messages, known, this.desk.consent.isRequest(known))
  }

  async page(id: string, before: string | undefined, limit: number): Promise<MessagePage> {
    const messages = await this.desk.messages()
    const lines = messages.history(id, { limit: limit + 1, ...(before === undefined ? {} : { before }) })
    const marks = messages.readMarks(id).filter(({ account }) => account !== this.community.me)
    return {
      lines: lines
        .slice(0, limit)
        .filter(({ sender }) => !this.#isBlocked(sender.account))
        .map((line) => this.line(messages, id, line)),
      more: lines.length > limit,
      reads: marks.map(({ account, at, id: upTo }) => ({ account, at, upTo })),
    }
  }

  async find(text: string, conversation: string | undefined): Promise<FoundMessage[]> {
    const messages = await this.desk.messages()
    const ids =
      conversation === undefined
        ? messages
            .conversations()
            .filter((one) => this.#isShown(one))
            .map(({ id }) => id)
        : [conversation]
    const limit = conversation === undefined ? FOUND_OF_ONE : MOST_FOUND
    const found: FoundMessage[] = []
    for (const id of ids) {
      for (const line of messages.find(id, text, { limit })) {
        if (!this.#isBlocked(line.sender.account)) found.push({ conversation: id, line: this.line(messages, id, line) })
      }
      await new Promise(setImmediate) // each looks through thousands: others come in between
    }
    return found.sort((a, b) => b.line.at - a.line.at).slice(0, MOST_FOUND)
  }

  line(messages: DirectMessages, conversation: string, line: HistoryLine): MessageLine {
    const { id, at, isMine, body, undelivered } = line
    const answered = body.reply === undefined ? null : messages.line(conversation, body.reply)
    const isHidden = answered !== null && this.#isBlocked(answered.sender.account)
    return {
      ...{ id, sender: line.sender.account, at, isMine, text: body.text, undelivered },
      files: (body.files ?? []).map(({ cid, name, type, size }) => ({ cid, name, type, size })),
      reply:
        body.reply === undefined
          ? null
          : {
              id: body.reply,
              sender: answered?.sender.account ?? null,
              text: isHidden ? null : (answered?.body.text ?? null),
            },
      state: isMine ? this.#stateOf(messages, conversation, line) : 'arrived',
    }
  }

  person(account: string, owner: string): MessagePerson {
    const { me, reader } = this.community
    const body = reader.cards.personOf(account, this.community.filter())?.body
    return {
      ...{ account, name: body?.name ?? '', avatar: body?.avatar ?? null },
      ...{ isMe: account === me, isBlocked: this.#isBlocked(account), isOwner: account === owner },
    }
  }

  async #view(messages: DirectMessages, known: Conversation, isRequest: boolean): Promise<ConversationView> {
    const { id, kind, title, isOwner, updated, unread, owner } = known
    const last = messages.history(id, { limit: 1 })[0]
    const accounts = [...new Set(known.members.map(({ account }) => account))]
    const wishes = await this.people.wishes(known)
    const isOver = this.desk.consent.isOver(known)
    return {
      ...{ id, kind, title, isOwner, updated, unread, isRequest },
      isActive: known.isActive && !isOver && known.members.length > 1,
      people: accounts.map((account) => this.person(account, owner.account)),
      last: last === undefined || this.#isBlocked(last.sender.account) ? null : this.line(messages, id, last),
      wishes: wishes.map(({ keys, by, kind: wished, account }) => ({ wish: keys[0]!, by, kind: wished, account })),
    }
  }

  #stateOf(messages: DirectMessages, conversation: string, { at, undelivered, isKept }: HistoryLine): MessageState {
    const { me } = this.community
    const others = undelivered.filter((account) => account !== me)
    if (others.length > 0) return isKept ? 'kept' : 'sending'
    const known = messages.about(conversation)
    const marks = new Map(messages.readMarks(conversation).map((mark) => [mark.account, mark.at]))
    const people = new Set(known?.members.map(({ account }) => account).filter((account) => account !== me))
    return people.size > 0 && [...people].every((account) => (marks.get(account) ?? -1) >= at) ? 'read' : 'arrived'
  }

  /** Conversations of two with somebody blocked, and refused ones, are not there at all. */
  #isShown(conversation: Conversation): boolean {
    if (this.desk.consent.isRefused(conversation)) return false
    const others = conversation.members.filter(({ account }) => account !== this.community.me)
    return conversation.kind === 'group' || !others.some(({ account }) => this.#isBlocked(account))
  }

  #isBlocked(account: string): boolean {
    return this.community.filter().bars(account)
  }
}
