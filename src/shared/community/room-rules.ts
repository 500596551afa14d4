import type { RoomBody } from './bodies/rooms'
import { roomOwner } from './room-name'
import { parseSubject } from './subject'

/** `mod` keeps order, `member` may write where only members may. */
export type RoomRole = 'owner' | 'mod' | 'member'

/** A `room` entry that was checked; of each account the newest is enough. */
export interface RoomRecord {
  readonly account: string
  readonly device: string
  readonly n: number
  readonly t: number
  readonly body: RoomBody
}

export interface RoomBan {
  readonly account: string
  /** Unix milliseconds; null: for good. */
  readonly until: number | null
  readonly at: number
  /** Who said so. */
  readonly by: string
}

/** What holds in a room; plain data that crosses ports. */
export interface RoomRules {
  readonly owner: string | null
  readonly title: string | null
  readonly text: string | null
  readonly policy: RoomBody['policy']
  /** Seconds between two lines of one account. */
  readonly slow: number
  readonly blockWords: readonly string[]
  readonly pinned: string | null
  /** When policy, slow mode, block words and pinned line were last changed. */
  readonly set: number
  readonly bans: readonly RoomBan[]
  /** Lists that the owner subscribed the room to, and who is on those that are known here and not let in by name. */
  readonly banLists: readonly string[]
  readonly listed: readonly string[]
  /** Without the owner. */
  readonly roles: readonly { readonly account: string; readonly role: 'mod' | 'member' }[]
}

interface Statement extends RoomBan {
  readonly lifted: boolean
}

/**
 * What the records of a room's owner and moderators say together, the same for everybody who has the same records:
 * - title, text and roles: the owner's newest record alone
 * - policy, slow mode, block words, pinned line: the record in which they were changed last (`set`)
 * - bans: about each account the last word (`at`) of anybody who may say one; about moderators only the owner's counts
 * - lists of whom to keep out: the owner's newest record alone; not the staff, nor whom the last word of anybody lets in
 * Nobody's word is dated later than the entry that carries it. Records of others count nothing.
 * @param lists of those that the owner named: subjects that are on each, by its id
 */
export function mergeRoomRules(
  room: string,
  records: readonly RoomRecord[],
  lists: ReadonlyMap<string, readonly string[]> = new Map(),
): RoomRules {
  const owner = roomOwner(room)
  const newest = newestOfEach(records.filter(({ body }) => body.room === room))
  const own = owner === null ? undefined : newest.get(owner)
  const roles = (own?.body.roles ?? []).flatMap(({ account, role }) =>
    account === owner ? [] : [{ account, role: role === 'owner' ? ('mod' as const) : role }],
  )
  const mods = new Set(roles.filter(({ role }) => role === 'mod').map(({ account }) => account))
  const staff = [...newest.values()].filter(({ account }) => account === owner || mods.has(account))
  const setting = staff.reduce<RoomRecord | undefined>(
    (best, one) => (best === undefined || isLater(one, best, owner) ? one : best),
    undefined,
  )
  const { body } = setting ?? {}
  const statements = lastWords(staff, owner, mods)
  const banLists = own?.body.banLists ?? []
  const free = new Set([owner, ...mods, ...statements.filter(({ lifted }) => lifted).map(({ account }) => account)])
  const listed = banLists.flatMap((id) => (lists.get(id) ?? []).flatMap(accountIn)).filter((one) => !free.has(one))
  return {
    owner,
    title: own?.body.title ?? null,
    text: own?.body.rules ?? null,
    policy: body === undefined ? 'open' : body.membersOnly ? 'members' : body.policy,
    slow: body?.slow ?? 0,
    blockWords: body?.blockWords ?? [],
    pinned: body?.pinned ?? null,
    set: setting === undefined ? 0 : setAt(setting),
    bans: bansOf(statements),
    ...{ banLists, listed: [...new Set(listed)].sort() },
    roles,
  }
}

/** Null for those who only watch and talk. */
export function roleIn(rules: RoomRules, account: string): RoomRole | null {
  if (account === rules.owner) return 'owner'
  return rules.roles.find((one) => one.account === account)?.role ?? null
}

/** The ban in force on an account at a time; null: none. */
export function banOf(rules: RoomRules, account: string, now: number): RoomBan | null {
  const ban = rules.bans.find((one) => one.account === account)
  if (ban !== undefined && (ban.until === null || ban.until > now)) return ban
  return isListed(rules, account) ? { account, until: null, at: 0, by: rules.owner! } : null
}

const listedOf = new WeakMap<RoomRules, ReadonlySet<string>>()

/** Whether a list keeps somebody out that the owner subscribed the room to. */
function isListed(rules: RoomRules, account: string): boolean {
  let listed = listedOf.get(rules)
  if (listed === undefined) listedOf.set(rules, (listed = new Set(rules.listed)))
  return listed.has(account)
}

function accountIn(text: string): string[] {
  const subject = parseSubject(text)
  return subject !== null && 'account' in subject ? [subject.account] : []
}

function newestOfEach(records: readonly RoomRecord[]): Map<string, RoomRecord> {
  const newest = new Map<string, RoomRecord>()
  for (const record of records) {
    const before = newest.get(record.account)
    if (before === undefined || isNewer(record, before)) newest.set(record.account, record)
  }
  return newest
}

/** Highest (t, n, device), as everywhere (community 2). */
function isNewer(one: RoomRecord, other: RoomRecord): boolean {
  if (one.t !== other.t) return one.t > other.t
  if (one.n !== other.n) return one.n > other.n
  return one.device > other.device
}

function setAt({ body, t }: RoomRecord): number {
  return Math.min(body.set ?? t, t)
}

function isLater(one: RoomRecord, other: RoomRecord, owner: string | null): boolean {
  const apart = setAt(one) - setAt(other)
  if (apart !== 0) return apart > 0
  if (one.account === owner || other.account === owner) return one.account === owner
  return one.account > other.account
}

/** About each account what was said last by somebody who may. */
function lastWords(staff: readonly RoomRecord[], owner: string | null, mods: ReadonlySet<string>): Statement[] {
  const last = new Map<string, Statement>()
  for (const { account: by, body, t } of staff) {
    const said = [
      ...body.bans.map(({ account, until, at }) => ({ account, until: until ?? null, at: at ?? t, lifted: false })),
      ...(body.lifted ?? []).map(({ account, at }) => ({ account, until: null, at, lifted: true })),
    ]
    for (const one of said) {
      if (one.account === owner || (mods.has(one.account) && by !== owner)) continue
      const statement: Statement = { ...one, at: Math.min(one.at, t), by }
      const before = last.get(one.account)
      if (before === undefined || isLastWord(statement, before, owner)) last.set(one.account, statement)
    }
  }
  return [...last.values()]
}

function bansOf(statements: readonly Statement[]): RoomBan[] {
  return statements
    .filter(({ lifted }) => !lifted)
    .map(({ account, until, at, by }) => ({ account, until, at, by }))
    .sort((one, other) => other.at - one.at || (one.account < other.account ? -1 : 1))
}

function isLastWord(one: Statement, other: Statement, owner: string | null): boolean {
  if (one.at !== other.at) return one.at > other.at
  if (one.by !== other.by) return one.by === owner || (other.by !== owner && one.by > other.by)
  return other.lifted // of one author at one time: better a ban too many
}
