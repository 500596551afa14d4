import { formatLiveUrl, parseLiveUrl } from '../live/live-url'
import { MAX_TOKEN_LETTERS } from '../live/share-limits'
import { formatSubject, parseSubject } from '../community/subject'

/** What a link leads to. */
export type ShareTarget =
  /** A video or a live of the community; `account` is its author, whose log has it. */
  | { readonly type: 'item'; readonly id: string; readonly account?: string }
  | { readonly type: 'person'; readonly account: string }
  | { readonly type: 'channel'; readonly account: string; readonly slug: string }
  /** A list of whom not to show (`list` entry). */
  | { readonly type: 'list'; readonly id: string; readonly account?: string }
  /** A show between peers: its `we://` address without a sharer. */
  | { readonly type: 'live'; readonly url: string }

export interface ShareLink {
  readonly target: ShareTarget
  /** Of who sent the link (`openShareToken`), as it stands there: not checked yet. */
  readonly share?: string
}

const MAX_LENGTH = 2_048
const WEB = /^https?:\/\/[^\s#]{1,200}#([^#\s]{1,2000})$/i

/**
 * `we://v/<id>`, `we://p/<account>`, `we://c/<account>/<slug>`, `we://l/<id>` or the address of a live; then
 * `?a=<author>&s=<token>`, each where there is one.
 */
export function formatShareLink({ target, share }: ShareLink): string {
  if (target.type === 'live') return formatLiveUrl({ ...parseLiveUrl(target.url), ...(share && { share }) })
  const author = 'id' in target && target.account !== undefined ? [`a=${target.account}`] : []
  const query = [...author, ...(share === undefined ? [] : [`s=${share}`])]
  return `we://${pathOf(target)}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

/** The same for browsers: what follows `we://` stands behind the `#` of a page, so that no server is told of it. */
export function webShareLink(base: string, link: ShareLink): string {
  return `${base}#${formatShareLink(link).slice('we://'.length)}`
}

/** Reads both forms, blanks around them forgiven. Null for every other text; never throws. */
export function parseShareLink(text: string): ShareLink | null {
  const trimmed = text.trim()
  if (trimmed.length > MAX_LENGTH) return null
  const [, behind] = WEB.exec(trimmed) ?? []
  const link = behind === undefined ? trimmed : `we://${behind}`
  const [, path, query] = /^we:\/\/([^?#\s]{1,200})(?:\?([^?#\s]{1,1200}))?$/.exec(link) ?? []
  if (path === undefined) return null
  const [, author, share] =
    query === undefined
      ? []
      : (/^(?:a=(0x[0-9a-f]{40})(?=&|$))?(?:(?:^|(?<!^)&)s=([A-Za-z0-9_-]+))?$/.exec(query) ?? ['no'])
  if (query !== undefined && author === undefined && share === undefined) return null
  if (share !== undefined && share.length > MAX_TOKEN_LETTERS) return null
  const target = targetOf(path, author)
  return target === null ? null : { target, ...(share === undefined ? {} : { share }) }
}

/** What is said about the target is said about this subject. */
export function subjectOf(target: ShareTarget): string {
  switch (target.type) {
    case 'item':
    case 'list':
      return target.id
    case 'live':
      return parseLiveUrl(target.url).showCid
    default:
      return formatSubject(target)
  }
}

/** The target of a subject or of a live's address; null for what cannot be shared. */
export function shareTargetOf(subject: string): ShareTarget | null {
  const found = parseSubject(subject)
  if (found === null) {
    const link = parseShareLink(subject)
    return link?.target.type === 'live' ? link.target : null
  }
  if (found.type === 'entry') return { type: 'item', id: found.id }
  return found.type === 'file' ? null : found
}

function pathOf(target: Exclude<ShareTarget, { type: 'live' }>): string {
  switch (target.type) {
    case 'item':
      return `v/${target.id}`
    case 'list':
      return `l/${target.id}`
    case 'person':
      return `p/${target.account}`
    case 'channel':
      return `c/${target.account}/${target.slug}`
  }
}

function targetOf(path: string, author: string | undefined): ShareTarget | null {
  const [, kind, rest = ''] = /^([vpcl])\/(.+)$/.exec(path) ?? []
  const by = author === undefined ? {} : { account: author }
  switch (kind) {
    case 'v':
    case 'l': {
      const found = parseSubject(rest)
      if (found?.type !== 'entry') return null
      return { type: kind === 'v' ? 'item' : 'list', id: found.id, ...by }
    }
    case 'p':
    case 'c': {
      const found = parseSubject(`${kind === 'p' ? 'acct' : 'chan'}:${rest}`)
      if (author !== undefined || (found?.type !== 'person' && found?.type !== 'channel')) return null
      return found
    }
    default:
      return author === undefined ? liveTarget(path) : null
  }
}

function liveTarget(path: string): ShareTarget | null {
  try {
    const { peerId, showCid } = parseLiveUrl(`we://${path}`)
    return { type: 'live', url: formatLiveUrl({ peerId, showCid }) }
  } catch {
    return null
  }
}
