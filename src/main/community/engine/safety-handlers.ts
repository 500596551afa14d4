import type { NamedSubject } from '@shared/community/safety-cards'
import { parseSubject } from '@shared/community/subject'
import { NO_RULES, ViewerRules } from '@shared/community/viewer-rules'
import { StudioError } from '@shared/errors'
import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import { ViewerFilter } from '../moderation/viewer-filter'
import type { Community } from './community'
import { ReportDesk } from './report-desk'

type OwnList = 'blocked' | 'muted' | 'hidden' | 'lists'

const FULL_WORDS = {
  blocked: 'You have blocked as many as fit (10,000). Take some off in Settings, or subscribe to a list instead.',
  muted: 'You have muted as many as fit (10,000). Take some off in Settings, or subscribe to a list instead.',
  hidden: 'You have hidden as much as fits (50,000). Show some of it again in Settings.',
  lists: 'You are subscribed to as many lists as fit (100). Leave one of them first.',
} as const

export function safetyHandlers(community: Community, tell: CommunityTell): CommunityHandlers['safety'] {
  const { reader } = community
  community.onRules((rules) => tell('safety', 'rulesChanged', rules))
  const desk = new ReportDesk(community, () => tell('safety', 'reportsChanged', { open: desk.inbox.open.length }))

  const turn = async (name: OwnList, { subject, on }: { subject: string; on: boolean }): Promise<void> => {
    const rules = community.rules.value
    const others = rules[name].filter((one) => one !== subject)
    const next = ViewerRules.safeParse({ ...rules, [name]: on ? [...others, subject] : others })
    if (!next.success) throw new StudioError('rules-full', FULL_WORDS[name])
    await community.setRules(next.data)
  }
  const ownList = (id: string) => {
    const found = reader.list(id)
    if (found === null || found.account !== community.me) {
      throw new StudioError('not-own-list', 'This list is not yours, or it is gone. Make a new one.')
    }
    return found
  }

  return {
    getRules: () => community.rules.value,
    setRules: (rules) => community.setRules(rules),
    block: (change) => turn('blocked', change),
    mute: (change) => turn('muted', change),
    hide: (change) => turn('hidden', change),
    names: (subjects) => subjects.map((subject) => nameOf(community, subject)),

    list: (id) => reader.list(id),
    ownLists: () => (community.me === null ? [] : reader.listsOf(community.me)),
    subscribe: ({ list, on }) => turn('lists', { subject: list, on }),
    saveList({ id, ...body }) {
      if (id === undefined) return community.append({ kind: 'list', body })[0]!
      community.append({ kind: 'list', body: { ...body, edits: ownList(id).id } })
      return id
    },
    async dropList(id) {
      community.append({ kind: 'del', body: { s: ownList(id).id } })
      await turn('lists', { subject: id, on: false })
    },

    reportTargets: (subject) => desk.targets(subject),
    report: (report) => desk.send(report),
    reports: () => [...desk.inbox.open],
    async reportDone(id) {
      await desk.inbox.done(id)
      tell('safety', 'reportsChanged', { open: desk.inbox.open.length })
    },
    label({ subject, label, on }) {
      community.append({ kind: 'label', body: { s: subject, val: label, ...(on ? {} : { neg: true }) } })
    },
  }
}

/** By nobody's rules: what is blocked has a name where it can be unblocked. */
const EVERYTHING = new ViewerFilter({ ...NO_RULES, labels: {} })

function nameOf({ reader }: Community, subject: string): NamedSubject {
  const { cards } = reader
  const found = parseSubject(subject)
  switch (found?.type) {
    case 'person':
      return { subject, account: found.account, title: cards.personOf(found.account, EVERYTHING)?.body.name ?? null }
    case 'channel':
      return { subject, account: found.account, title: cards.channelOf(subject, EVERYTHING)?.body.title ?? null }
    case 'entry': {
      const item = cards.itemById(subject, EVERYTHING)
      if (item !== null) return { subject, account: item.account, title: item.body.title }
      const comment = cards.commentById(subject, EVERYTHING)
      return { subject, account: comment?.account ?? null, title: comment?.text ?? null }
    }
    default:
      return { subject, account: null, title: null }
  }
}
