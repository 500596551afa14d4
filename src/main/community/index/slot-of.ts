import type { BodyOf, EntryKind } from '@shared/community/body-schema'

/** Which entry of a slot is applied: [Note: Slots]. */
export interface Slot {
  readonly key: string
  /**
   * `newest` (t, n, device) of records that replace each other; `first` of acts that count once; `version`: the newest, but
   * only together with the entry that the others edit.
   */
  readonly rule: 'newest' | 'first' | 'version'
  /** Of `version`: the id of the first. */
  readonly root: string
}

/** Kinds that the index knows what to do with. The others stay in the log. */
const INDEXED_KINDS: readonly EntryKind[] = [
  'profile',
  'channel',
  'room',
  'video',
  'live',
  'playlist',
  'list',
  'comment',
  'feed.def',
  'like',
  'repost',
  'follow',
  'share',
  'label',
  'gift',
  'chat',
  'clip',
  'del',
  'app.manifest',
  'ad.campaign',
]
const INDEXED: ReadonlySet<string> = new Set(INDEXED_KINDS)

export function isIndexed(kind: string): kind is EntryKind {
  return INDEXED.has(kind)
}

interface Spoken {
  readonly id: string
  readonly account: string
  readonly kind: EntryKind
  readonly body: unknown
}

/**
 * The slot of an entry. The account is part of every key that others could name, so nobody speaks for somebody else. The key
 * is made of the body, not of the header's replace key: what is shown as one thing must be one slot.
 */
export function slotOf({ id, account, kind, body }: Spoken): Slot {
  switch (kind) {
    case 'profile':
      return newest(`profile ${account}`)
    case 'channel':
      return newest(`channel ${account} ${(body as BodyOf<'channel'>).slug}`)
    case 'room':
      return newest(`room ${account} ${(body as BodyOf<'room'>).room}`)
    case 'app.manifest':
      return newest(`app ${account} ${(body as BodyOf<'app.manifest'>).id}`)
    case 'label': {
      const { s, val } = body as BodyOf<'label'>
      return newest(`label ${account} ${val} ${s}`)
    }
    case 'like':
    case 'repost':
    case 'follow':
    case 'share':
      return { key: `${kind} ${account} ${(body as BodyOf<'like'>).s}`, rule: 'first', root: '' }
    case 'video':
    case 'live':
    case 'playlist':
    case 'list':
    case 'comment':
    case 'feed.def': {
      const root = (body as BodyOf<'video'>).edits ?? id
      return { key: `${kind} ${account} ${root}`, rule: 'version', root }
    }
    default:
      return { key: id, rule: 'first', root: '' }
  }
}

/** The same from a key that was stored. */
export function slotFromKey(key: string): Slot {
  const [kind = '', , root = ''] = key.split(' ')
  if (['video', 'live', 'playlist', 'list', 'comment', 'feed.def'].includes(kind)) return { key, rule: 'version', root }
  if (['profile', 'channel', 'room', 'app', 'label'].includes(kind)) return newest(key)
  return { key, rule: 'first', root: '' }
}

function newest(key: string): Slot {
  return { key, rule: 'newest', root: '' }
}
