import type { Conversation, MemberId } from '@shared/community/direct-conversation'
import type { DirectMessages } from '../messages/direct-messages'
import type { Community } from './community'

/** Conversations of strangers that wait for a word: in all, and of one account. */
const MOST_REQUESTS = 100
const MOST_OF_ONE = 3
/** Texts of a stranger that are kept before the person has said yes. */
const MOST_UNASKED = 50

type Invited = Pick<Conversation, 'id' | 'owner' | 'members'>

/** Whose conversations this person is in by their own will, and whose are requests or nothing at all. */
export class MessageConsent {
  constructor(
    private readonly community: Pick<Community, 'me' | 'filter' | 'reader'>,
    private readonly messages: () => DirectMessages | null,
  ) {}

  /** Put away for good. */
  isRefused({ id }: Pick<Conversation, 'id'>): boolean {
    return this.messages()?.consent(id) === 'refused'
  }

  /** Nothing more is heard of it. */
  isOver({ id }: Pick<Conversation, 'id'>): boolean {
    const choice = this.messages()?.consent(id) ?? null
    return choice === 'refused' || choice === 'left'
  }

  /** Begun by somebody whom the person neither follows nor wrote to, and neither accepted nor refused. */
  isRequest(conversation: Invited): boolean {
    return this.#isRequest(conversation, () => this.#trusted())
  }

  /** The same for many: whom the person trusts is found out once. */
  requests(conversations: readonly Conversation[]): Set<string> {
    let trusted: ReadonlySet<string> | null = null
    const once = (): ReadonlySet<string> => (trusted ??= this.#trusted())
    return new Set(conversations.filter((one) => this.#isRequest(one, once)).map(({ id }) => id))
  }

  /** Whether an invitation is taken at all. */
  wants(invited: Invited): boolean {
    const { account } = invited.owner
    if (account === this.community.me) return true
    if (this.isRefused(invited) || this.community.filter().bars(account)) return false
    if (!this.isRequest(invited)) return true
    const known = this.messages()?.conversations() ?? []
    const waiting = known.filter((one) => one.isActive && !this.isOver(one) && this.isRequest(one))
    return (
      waiting.length < MOST_REQUESTS && waiting.filter(({ owner }) => owner.account === account).length < MOST_OF_ONE
    )
  }

  /** Whether a text is kept. */
  hears(conversation: string, sender: MemberId): boolean {
    const { me } = this.community
    if (sender.account === me) return true
    if (this.community.filter().bars(sender.account)) return false
    const messages = this.messages()
    const known = messages?.about(conversation)
    if (messages === null || known === undefined) return true
    if (this.isOver(known)) return false
    return !this.isRequest(known) || messages.heard(conversation, MOST_UNASKED) < MOST_UNASKED
  }

  #isRequest({ id, owner }: Invited, trusted: () => ReadonlySet<string>): boolean {
    if (owner.account === this.community.me || this.messages()?.consent(id) != null) return false
    return !trusted().has(owner.account)
  }

  /** Whom the person follows, or is in a conversation with by their own will. */
  #trusted(): ReadonlySet<string> {
    const { me, reader } = this.community
    const messages = this.messages()
    if (me === null) return new Set()
    const followed = reader
      .followedBy(me)
      .flatMap((subject) => /^(?:acct|chan):(0x[0-9a-f]{40})/.exec(subject)?.[1] ?? [])
    const own = (messages?.conversations() ?? []).filter(
      ({ id, owner }) => owner.account === me || messages?.consent(id) === 'accepted',
    )
    return new Set([...followed, ...own.flatMap(({ members }) => members.map(({ account }) => account))])
  }
}
