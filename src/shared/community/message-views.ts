import type { ConversationKind } from './direct-conversation'
import type { DirectFile } from './direct-message'

/** Somebody in a conversation, as their profile says. */
export interface MessagePerson {
  /** `0x...` */
  readonly account: string
  /** The profile's name; empty: none is known. */
  readonly name: string
  /** CID of the picture. */
  readonly avatar: string | null
  readonly isMe: boolean
  /** Blocked by this person: nothing of them is shown or taken. */
  readonly isBlocked: boolean
  readonly isOwner: boolean
}

/** `sending`: on this computer only. `kept`: others keep it until they are back. */
export type MessageState = 'sending' | 'kept' | 'arrived' | 'read'

export interface MessageLine {
  readonly id: string
  readonly sender: string
  /** Unix milliseconds by the sender's clock. */
  readonly at: number
  readonly isMine: boolean
  readonly text: string
  /** Without their keys: `attachments` opens them by their place. */
  readonly files: readonly Omit<DirectFile, 'key'>[]
  /** What it answers; `text` null: that is not on this computer. */
  readonly reply: { readonly id: string; readonly sender: string | null; readonly text: string | null } | null
  /** Of own ones: the least of all people in it. */
  readonly state: MessageState
  /** Accounts with a device that it has not reached. */
  readonly undelivered: readonly string[]
}

export interface MessagePage {
  /** Newest first. */
  readonly lines: readonly MessageLine[]
  readonly more: boolean
  /** Up to where each of the others has read. */
  readonly reads: readonly { readonly account: string; readonly at: number; readonly upTo: string }[]
}

/** What a member wishes of the owner. */
export interface MessageWish {
  readonly wish: number
  readonly by: string
  readonly kind: 'add' | 'remove'
  readonly account: string
}

export interface ConversationView {
  readonly id: string
  readonly kind: ConversationKind
  /** As its owner named it; empty: by its people. */
  readonly title: string
  /** Everybody, oneself too; of one person one entry, however many devices. */
  readonly people: readonly MessagePerson[]
  readonly isOwner: boolean
  /** False once one was taken out or it was ended: what was said stays to be read. */
  readonly isActive: boolean
  /** Begun by somebody whom one neither follows nor wrote to, and not accepted. */
  readonly isRequest: boolean
  readonly updated: number
  readonly unread: number
  readonly last: MessageLine | null
  readonly wishes: readonly MessageWish[]
}

export interface MessagesState {
  /** Messages can be read and written. */
  readonly ready: boolean
  /** Why not, in plain words. */
  readonly problem: { readonly code: string; readonly message: string } | null
  /** Most recently used first, without requests. */
  readonly conversations: readonly ConversationView[]
  readonly requests: readonly ConversationView[]
  /** Sealed mail of others on this computer. */
  readonly keeping: { readonly megabytes: number; readonly usedBytes: number }
  /** Connected computers that could keep mail while somebody is away. */
  readonly neighbours: number
}

/** Whether somebody can be written to. */
export interface Reach {
  readonly person: MessagePerson
  /** Computers that will get it. */
  readonly devices: number
  /** One of them is connected now. */
  readonly isHere: boolean
}

export interface FoundMessage {
  readonly conversation: string
  readonly line: MessageLine
}
