import type { RoomBan, RoomRole } from './room-rules'

/** `mutual`: its author and the person here follow each other. `follower`: its author follows the owner of the room. */
export type ChatBond = 'mutual' | 'follower'

/** A line of the talk as the window shows it. Lines are ordered by `at`, then `id`. */
export interface ChatLine {
  readonly id: string
  readonly account: string
  /** What its author is called; null: not known, show the address. */
  readonly name: string | null
  readonly role: RoomRole | null
  readonly bond: ChatBond | null
  /** What its author's clock said, Unix milliseconds: for display. */
  readonly t: number
  /** Its place in the talk, Unix milliseconds: never after its arrival, never before what it answers. */
  readonly at: number
  readonly text: string
  /** What it answers; `text` is null when that line is not here (any more). */
  readonly reply: { readonly id: string; readonly name: string | null; readonly text: string | null } | null
  readonly mine: boolean
  /** It names or answers the person here. */
  readonly mentionsMe: boolean
  /** Of an own line: false until somebody else in the room could hear it. True for others' lines. */
  readonly heard: boolean
}

/** Why the person cannot write now, in plain words. */
export interface RoomHindrance {
  readonly code: 'no-account' | 'banned' | 'muted' | 'closed' | 'members' | 'followers' | 'slow'
  readonly message: string
  /** Unix milliseconds when it is over; null: not by waiting. */
  readonly until: number | null
}

/** All of a room but its lines. */
export interface RoomState {
  readonly room: string
  /** The account whose room it is; null: nobody's, then there are no rules. */
  readonly owner: string | null
  readonly ownerName: string | null
  readonly title: string | null
  /** The owner's rules in words. */
  readonly rules: string | null
  readonly policy: 'open' | 'followers' | 'members' | 'closed'
  /** Seconds between two lines of one account; 0: no limit. */
  readonly slow: number
  readonly pinned: ChatLine | null
  /** Of the person here. */
  readonly role: RoomRole | null
  /** Null: the person may write. */
  readonly hindrance: RoomHindrance | null
  readonly roles: readonly { readonly account: string; readonly name: string | null; readonly role: 'mod' | 'member' }[]
  /** Only told to those who moderate; else empty. */
  readonly bans: readonly (RoomBan & { readonly name: string | null })[]
  /** Lists whose people are kept out, by the list's id; only told to those who moderate. `title` null: not here yet. */
  readonly lists: readonly { readonly id: string; readonly title: string | null; readonly size: number }[]
  readonly blockWords: readonly string[]
  /** Peers of the network that listen to the room and are connected here; others are reached through them. */
  readonly peers: number
}

/** What `open` gives: the room and its newest lines, oldest first. Earlier ones by `history`. */
export interface OpenRoom {
  readonly state: RoomState
  readonly lines: readonly ChatLine[]
}

/** Lines before a place, oldest first. `more`: there may be earlier ones. */
export interface RoomHistory {
  readonly lines: readonly ChatLine[]
  readonly more: boolean
}
