import type { DirectAsk, DirectText } from './direct-message'

/** One device of one account; both lower-case hex with 0x (20 and 32 bytes). */
export interface MemberId {
  readonly account: string
  readonly device: string
}

/** Conversations and messages are named by 0x hex of 32 bytes. */
export type ConversationKind = 'direct' | 'group'

export interface Conversation {
  readonly id: string
  readonly kind: ConversationKind
  readonly title: string
  readonly owner: MemberId
  readonly members: readonly MemberId[]
  readonly isOwner: boolean
  /** False once this device was taken out: what was said before stays to be read. */
  readonly isActive: boolean
  readonly updated: number
  readonly unread: number
}

export interface StoredText {
  readonly id: string
  readonly sender: MemberId
  /** Unix milliseconds by the sender's clock, at most ten minutes ahead of ours. */
  readonly at: number
  readonly isMine: boolean
  readonly body: DirectText
}

/** A text with the accounts whose devices have not all acknowledged it; empty for others' texts. */
export interface HistoryLine extends StoredText {
  readonly undelivered: readonly string[]
  /** Mailbox peers have it for all of those. */
  readonly isKept: boolean
}

export type MessageEvent =
  | { readonly kind: 'joined' | 'changed' | 'removed'; readonly conversation: string }
  | { readonly kind: 'text'; readonly conversation: string; readonly text: StoredText }
  | { readonly kind: 'read'; readonly conversation: string; readonly account: string; readonly upTo: string }
  | { readonly kind: 'title'; readonly conversation: string; readonly title: string }
  | { readonly kind: 'request'; readonly conversation: string; readonly by: MemberId; readonly ask: DirectAsk }
  /** Came before what it builds on; it is on disk and is opened as soon as that has come. */
  | { readonly kind: 'held' }
