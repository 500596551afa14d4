import type { BodyOf } from './body-schema'

/** Why something is veiled, in data; the window finds the words. */
export interface Veil {
  readonly label: string
  /** Who says so: a labeler, or its author. */
  readonly by: string
}

export type Counts = Readonly<
  Partial<Record<'like' | 'comment' | 'reply' | 'share' | 'repost' | 'gift' | 'clip' | 'follow', number>>
>

/** A video or a live in a list. */
export type ItemCard = {
  /** Subject of what is said about it: the id of its first version. */
  readonly id: string
  readonly account: string
  /** Unix ms, as its author says. */
  readonly t: number
  readonly counts: Counts
  /** Shown veiled until the person asks. */
  readonly veil: Veil | null
} & (
  { readonly kind: 'video'; readonly body: BodyOf<'video'> } | { readonly kind: 'live'; readonly body: BodyOf<'live'> }
)

export interface ChannelCard {
  readonly subject: string
  readonly account: string
  readonly body: BodyOf<'channel'>
  readonly followers: number
}

export interface PersonCard {
  readonly account: string
  readonly body: BodyOf<'profile'>
  readonly followers: number
}

/** Somebody who follows something. */
export interface FollowerCard {
  readonly account: string
  /** When they began to, Unix ms, as they say. */
  readonly t: number
}

export interface CommentCard {
  readonly id: string
  /** What it is about. */
  readonly subject: string
  readonly root: string | null
  readonly parent: string | null
  readonly account: string
  readonly t: number
  readonly edited: boolean
  readonly text: string
  readonly facets: BodyOf<'comment'>['facets']
  readonly counts: Counts
  readonly veil: Veil | null
}

/** A line of a room's history. */
export interface ChatCard {
  readonly id: string
  readonly account: string
  readonly t: number
  readonly text: string
  /** The line that it answers. */
  readonly reply: string | null
}

/** A page of a list. `next` goes into the next call; null: that was all. */
export interface Page<T> {
  readonly cards: readonly T[]
  readonly next: string | null
}
