import { studioClient } from '@/app/studio-client'
import type { Conversation, HistoryLine } from '@shared/community/direct-conversation'

/** What the page needs of the group `messages` (wish of the page; goes when the schema says the same). */
export interface ConversationCard extends Conversation {
  /** `asked`: somebody whom this person has not written to began it and waits for a yes. */
  readonly consent: 'accepted' | 'asked'
  /** The newest text. */
  readonly last: HistoryLine | null
  /** The newest text that each account has read. */
  readonly readMarks: readonly { account: string; at: number; id: string }[]
}

export interface MessagesPort {
  getState: () => Promise<{ ready: boolean; conversations: readonly ConversationCard[] }>
  /** Whatever changed: lists, marks, titles, members. */
  changed: (listener: (state: { ready: boolean; conversations: readonly ConversationCard[] }) => void) => () => void
  /** A new text of somebody else. */
  heard: (listener: (text: { conversation: string; line: HistoryLine }) => void) => () => void
  /** Newest first, older than the text `before`. */
  history: (asked: { conversation: string; before: string | null; limit: number }) => Promise<readonly HistoryLine[]>
  find: (asked: { conversation: string; words: string; limit: number }) => Promise<readonly HistoryLine[]>
  /** With one account: the conversation that is there, or a new one. Its id. */
  start: (asked: { accounts: readonly string[]; title: string }) => Promise<string>
  say: (said: { conversation: string; text: string; reply?: string; files?: readonly unknown[] }) => Promise<HistoryLine>
  markRead: (asked: { conversation: string; upTo: string }) => Promise<void>
  accept: (conversation: string) => Promise<void>
  /** Puts a request or a conversation away on this computer. */
  remove: (conversation: string) => Promise<void>
  retry: (conversation: string) => Promise<void>
  rename: (asked: { conversation: string; title: string }) => Promise<void>
  addPerson: (asked: { conversation: string; account: string }) => Promise<void>
  removePerson: (asked: { conversation: string; account: string }) => Promise<void>
  leave: (conversation: string) => Promise<void>
  safety: (account: string) => Promise<{ number: string; verified: 'no' | 'yes' | 'changed' }>
  setVerified: (asked: { account: string; number: string | null }) => Promise<void>
}

export function messagesPort(): MessagesPort {
  return studioClient().messages as unknown as MessagesPort
}
