import type { AcceptedEntry } from '@shared/community/accepted-entry'
import type { BodyOf } from '@shared/community/body-schema'
import { parseSubject } from '@shared/community/subject'
import type { NostrDraft } from '@shared/nostr/nostr-event'

/** Kinds of Nostr events (community 11). */
const KIND = {
  ...{ profile: 0, deletion: 5, reaction: 7, siteReaction: 17, comment: 1111, liveChat: 1311, label: 1985 },
  ...{ live: 30_311, video: 34_235, shortVideo: 34_236 },
} as const

export interface NostrDrafts {
  readonly drafts: readonly NostrDraft[]
  /** Entries by kind that say something Nostr has no event for, or that only makes sense here. */
  readonly left: Readonly<Record<string, number>>
}

/**
 * One's own entries as Nostr events, oldest first. Videos and lives are addressable by the id of their first version, so
 * a later one replaces it. What is about things of others points to their `we://` link (NIP-22 and NIP-25 know such
 * targets): their Nostr keys are not known here. Follows (which name keys), gifts and all that is sealed stay out.
 * @param pubkey of the Nostr identity, hex
 */
export function nostrDrafts(entries: readonly AcceptedEntry[], pubkey: string): NostrDrafts {
  const own = new Map<string, string>()
  const rooms = new Map<string, string>()
  const drafts: NostrDraft[] = []
  const left: Record<string, number> = {}
  for (const { id, kind, t, body } of [...entries].sort((a, b) => a.t - b.t || a.n - b.n)) {
    const made = body == null ? null : draftOf({ id, kind, t, body }, { pubkey, own, rooms })
    if (made === null) left[kind] = (left[kind] ?? 0) + 1
    else drafts.push(made)
  }
  return { drafts, left }
}

interface Known {
  readonly pubkey: string
  /** Address (`34235:<key>:<id>`) of each own video and live. */
  readonly own: Map<string, string>
  readonly rooms: Map<string, string>
}

type Said = Pick<AcceptedEntry, 'id' | 'kind' | 't' | 'body'>

function draftOf({ id, kind, t, body }: Said, known: Known): NostrDraft | null {
  const at = (which: number, tags: string[][], content = ''): NostrDraft => ({
    ...{ kind: which, created_at: Math.floor(t / 1000), tags, content },
  })
  switch (kind) {
    case 'profile': {
      const { name, bio, avatar, banner, links } = body as BodyOf<'profile'>
      const [site] = links
      const said = { name, about: bio, picture: fileUrl(avatar), banner: fileUrl(banner), website: site?.url }
      return at(KIND.profile, [], JSON.stringify(said))
    }
    case 'video':
      return videoDraft(id, t, body as BodyOf<'video'>, known)
    case 'live': {
      const { title, desc = '', status, start, end, tags, edits, room, thumb } = body as BodyOf<'live'>
      const d = edits ?? id
      const address = `${KIND.live}:${known.pubkey}:${d}`
      known.own.set(d, address)
      known.rooms.set(room, address)
      const times = [['starts', seconds(start)], ...(end === undefined ? [] : [['ends', seconds(end)]])]
      const picture = thumb === undefined ? [] : [['image', `ipfs://${thumb}`]]
      return at(KIND.live, [
        ...[['d', d], ['title', title], ['summary', desc], ['status', status], ...times, ...picture],
        ...tags.map((tag) => ['t', tag]),
      ])
    }
    case 'like': {
      const target = targetTags((body as BodyOf<'like'>).s, known)
      if (target === null) return null
      return target.address === null
        ? at(KIND.siteReaction, [['r', target.link]], '+')
        : at(
            KIND.reaction,
            [
              ['a', target.address],
              ['p', known.pubkey],
              ['k', kindOf(target.address)],
            ],
            '+',
          )
    }
    case 'comment': {
      const { s, text, parent } = body as BodyOf<'comment'>
      const target = targetTags(s, known)
      if (target === null) return null
      const root =
        target.address === null
          ? [
              ['I', target.link],
              ['K', 'web'],
            ]
          : [
              ['A', target.address],
              ['K', kindOf(target.address)],
              ['P', known.pubkey],
            ]
      const above = parent === undefined ? null : `we://v/${parent}`
      const under =
        above === null
          ? root.map(([name = '', ...rest]) => [name.toLowerCase(), ...rest])
          : [
              ['i', above],
              ['k', 'web'],
            ]
      return at(KIND.comment, [...root, ...under], text)
    }
    case 'chat': {
      const { room, text } = body as BodyOf<'chat'>
      const address = known.rooms.get(room)
      return address === undefined ? null : at(KIND.liveChat, [['a', address, '', 'root']], text)
    }
    case 'label': {
      const { s, val, neg } = body as BodyOf<'label'>
      const target = targetTags(s, known)
      if (target === null || neg === true) return null
      const about = target.address === null ? ['r', target.link] : ['a', target.address]
      return at(KIND.label, [['L', 'we.studio'], ['l', val, 'we.studio'], about])
    }
    case 'del': {
      // the body of what was withdrawn is gone, so its id is not known any more; an address is
      const { s } = body as BodyOf<'del'>
      const kinds = [KIND.video, KIND.shortVideo, KIND.live]
      return at(KIND.deletion, [
        ...kinds.map((one) => ['a', `${one}:${known.pubkey}:${s}`]),
        ...kinds.map((one) => ['k', String(one)]),
      ])
    }
    default:
      return null
  }
}

function videoDraft(id: string, t: number, body: BodyOf<'video'>, { pubkey, own }: Known): NostrDraft {
  const { title, desc, tags, dur, w, h, variants, thumb, edits, lang, warn } = body
  const d = edits ?? id
  const kind = h > w && dur <= 180_000 ? KIND.shortVideo : KIND.video
  own.set(d, `${kind}:${pubkey}:${d}`)
  const cover = thumb === undefined ? [] : [`image ipfs://${thumb}`]
  const files = variants.map(({ cid, w: wide, h: high, br }) => [
    ...['imeta', `dim ${wide}x${high}`, `url ipfs://${cid}`, 'm video/mp4'],
    ...[`bitrate ${br}`, `duration ${dur / 1000}`, ...cover],
  ])
  return {
    kind,
    created_at: Math.floor(t / 1000),
    content: desc,
    tags: [
      ...[
        ['d', d],
        ['title', title],
        ['published_at', seconds(t)],
        ['duration', String(Math.round(dur / 1000))],
      ],
      ...files,
      ...tags.map((tag) => ['t', tag]),
      ...(lang === undefined
        ? []
        : [
            ['L', 'ISO-639-1'],
            ['l', lang, 'ISO-639-1'],
          ]),
      ...(warn.length === 0 ? [] : [['content-warning', warn.join(', ')]]),
      ['r', `we://v/${d}`],
      ['alt', `Video: ${title} (we://v/${d})`],
    ],
  }
}

/** Where a subject is: an own event's address, or a link; null for files. */
function targetTags(subject: string, { own }: Known): { address: string | null; link: string } | null {
  const found = parseSubject(subject)
  switch (found?.type) {
    case 'entry':
      return { address: own.get(subject) ?? null, link: `we://v/${found.id}` }
    case 'person':
      return { address: null, link: `we://p/${found.account}` }
    case 'channel':
      return { address: null, link: `we://c/${found.account}/${found.slug}` }
    default:
      return null
  }
}

function kindOf(address: string): string {
  return address.slice(0, address.indexOf(':'))
}

function fileUrl(cid: string | undefined): string | undefined {
  return cid === undefined ? undefined : `ipfs://${cid}`
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000))
}
