import type { MessageEvent } from '@shared/community/direct-conversation'
import { StudioError } from '@shared/errors'
import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import { safetyNumber } from '../messages/safety-number'
import { hexOf } from '../messages/mls-credential'
import type { Community } from './community'
import { MessagePeople, mustBe } from './message-people'
import { MessageViews } from './message-views'

const TELL_EVERY_MS = 250

export function messagesHandlers(community: Community, tell: CommunityTell): CommunityHandlers['messages'] {
  const desk = community.messages
  const people = new MessagePeople(community, desk)
  const views = new MessageViews(community, desk, people)
  const changed = soon((conversations: string[]) => tell('messages', 'changed', { conversations }))

  const hear = (event: MessageEvent): void => {
    if (event.kind === 'held') return
    changed(event.conversation)
    const messages = desk.opened
    if (messages === null) return
    const known = messages.about(event.conversation)
    if (event.kind === 'joined' && messages.consent(event.conversation) === 'left')
      messages.setConsent(event.conversation, null)
    if (event.kind === 'read' && event.account !== community.me) {
      const { conversation, account, upTo } = event
      tell('messages', 'read', { conversation, account, upTo })
    }
    if (event.kind !== 'text' || event.text.isMine || known === undefined || desk.consent.isRequest(known)) return
    const line = views.line(messages, event.conversation, { ...event.text, undelivered: [], isKept: true })
    tell('messages', 'texts', { conversation: event.conversation, line, name: people.nameOf(line.sender) })
  }

  desk.onNews((news) => {
    if (news.kind === 'state') {
      changed()
      return
    }
    news.events.forEach(hear)
    background(community, people.obey(news.events))
  })
  community.onRules(() => changed())
  community.onChanged(({ entries }) => {
    const accounts = new Set(entries.filter(({ kind }) => DEVICES.has(kind)).map(({ account }) => account))
    if (accounts.size > 0) background(community, people.renew(accounts))
  })

  /** Throws StudioError `conversation-left`. */
  const mustBeIn = async (conversation: string) => {
    const messages = await desk.messages()
    if (!desk.consent.isOver(mustBe(messages.about(conversation)))) return messages
    throw new StudioError('conversation-left', 'You left this conversation. Start a new one to write again.')
  }

  return {
    getState: () => views.state(),
    conversation: (id) => views.conversation(id),
    async reach(account) {
      await desk.messages()
      const [found, connected] = [await people.find(account), await desk.line.devices()]
      const person = views.person(account, '')
      return { person, devices: found.length, isHere: found.some(({ device }) => connected.includes(device)) }
    },
    start: ({ accounts, title }) => people.start(accounts, title ?? ''),
    history: ({ conversation, before, limit }) => views.page(conversation, before, limit),
    async say({ conversation, text, reply, files }) {
      const messages = await mustBeIn(conversation)
      const optional = { ...(reply === undefined ? {} : { reply }), ...(files === undefined ? {} : { files }) }
      const id = await messages.say(conversation, { text, ...optional })
      messages.setConsent(conversation, 'accepted')
      desk.wake()
      changed(conversation)
      return id
    },
    async markRead({ conversation, upTo }) {
      const messages = await desk.messages()
      // a stranger is not told that one has looked
      if (!desk.consent.isRequest(mustBe(messages.about(conversation)))) await messages.markRead(conversation, upTo)
      desk.wake()
      changed(conversation)
    },
    find: ({ text, conversation }) => views.find(text, conversation),
    async safetyNumber(account) {
      const { me, log } = community
      if (me === null) throw new StudioError('no-account', 'For this you need an account. Make one in the wallet.')
      const party = (whose: string) => ({
        account: whose,
        devices: log
          .devices(whose)
          .map(hexOf)
          .filter((device) => desk.isDeviceOf({ account: whose, device })),
      })
      const [mine, theirs] = [party(me), party(account)]
      if (theirs.devices.length === 0)
        throw new StudioError('messages-unreachable', `No computer of ${people.nameOf(account)} is known here yet.`)
      return Promise.resolve({ digits: safetyNumber(mine, theirs) })
    },
    addPeople: ({ conversation, accounts }) => people.add(conversation, accounts),
    removePerson: ({ conversation, account }) => people.remove(conversation, account),
    leave: ({ conversation }) => people.leave(conversation),
    async rename({ conversation, title }) {
      const messages = await mustBeIn(conversation)
      if (!mustBe(messages.about(conversation)).isOwner)
        throw new StudioError('conversation-not-yours', 'Only who began a conversation can name it. Ask them to.')
      await messages.rename(conversation, title)
      desk.wake()
      changed(conversation)
    },
    async retry({ conversation }) {
      ;(await mustBeIn(conversation)).retry(conversation)
      desk.wake()
    },
    async accept({ conversation }) {
      ;(await desk.messages()).setConsent(conversation, 'accepted')
      changed(conversation)
    },
    async refuse({ conversation, block }) {
      const messages = await desk.messages()
      const { owner } = mustBe(messages.about(conversation))
      messages.setConsent(conversation, 'refused')
      if (block) {
        const rules = community.rules.value
        const blocked = [...new Set([...rules.blocked, `acct:${owner.account}`])]
        await community.setRules({ ...rules, blocked })
      }
      changed(conversation)
    },
    settle: ({ conversation, wish, agree }) => people.settle(conversation, wish, agree),
    setKeeping: ({ megabytes }) => desk.setKeeping(megabytes),
  }
}

/** Kinds of entries by which an account's devices come, renew themselves, or go. */
const DEVICES = new Set(['dm.keypackage', 'key.grant', 'key.revoke'])

function background(community: Community, work: Promise<void>): void {
  work.catch((error: unknown) => community.say('error', 'a conversation could not be kept', { error: String(error) }))
}

/** Four times a second at most, with all names since the last time. */
function soon(tell: (names: string[]) => void): (name?: string) => void {
  let names = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  return (name) => {
    if (name !== undefined) names.add(name)
    timer ??= setTimeout(() => {
      timer = null
      const told = [...names]
      names = new Set()
      tell(told)
    }, TELL_EVERY_MS)
  }
}
