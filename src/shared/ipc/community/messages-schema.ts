import { z } from 'zod'
import { Account, Digest } from '../../community/body-fields'
import { DirectFile } from '../../community/direct-message'
import type {
  ConversationView,
  FoundMessage,
  MessageLine,
  MessagePage,
  MessagesState,
  Reach,
} from '../../community/message-views'
import { invoke, notify } from '../channel'

/** 32 random bytes, 0x hex. */
const ConversationId = Digest
const MessageId = Digest
const nothing = z.void()
const of = z.object({ conversation: ConversationId })

/** Private messages, end-to-end encrypted. Calls reject with StudioErrors in plain words. */
export const messagesSchema = {
  getState: invoke(nothing, z.custom<MessagesState>()),
  /** Can one write to somebody? Asks peers for their newest keys, up to some seconds. */
  reach: invoke(Account, z.custom<Reach>()),
  /**
   * Begins a conversation; of one person without title the one that is there already, if there is one. Returns its id.
   * Rejects with `no-account`, `messages-unreachable` (names who cannot be written to).
   */
  start: invoke(
    z.object({ accounts: z.array(Account).min(1).max(49), title: z.string().trim().max(100).optional() }),
    ConversationId,
  ),
  /** One conversation, or null when it is gone. */
  conversation: invoke(ConversationId, z.custom<ConversationView | null>()),
  /** Newest first, older than the message `before`. */
  history: invoke(
    of.extend({ before: MessageId.optional(), limit: z.int().min(1).max(200).default(50) }),
    z.custom<MessagePage>(),
  ),
  /** Returns the message's id; it is on disk and on its way. Files are put in by `attachments.send`. */
  say: invoke(
    of.extend({
      text: z.string().max(4_000),
      reply: MessageId.optional(),
      files: z.array(DirectFile).min(1).max(10).optional(),
    }),
    MessageId,
  ),
  /** Everything up to a message was read. */
  markRead: invoke(of.extend({ upTo: MessageId }), nothing),
  /** The newest that have all the words. */
  find: invoke(
    z.object({ text: z.string().trim().min(1).max(200), conversation: ConversationId.optional() }),
    z.custom<readonly FoundMessage[]>(),
  ),
  /** 60 digits that are the same on both sides, to be compared by voice or side by side. */
  safetyNumber: invoke(Account, z.object({ digits: z.string() })),
  /** The owner adds; others ask the owner to. */
  addPeople: invoke(of.extend({ accounts: z.array(Account).min(1).max(49) }), nothing),
  /** The owner takes out; others ask the owner to. */
  removePerson: invoke(of.extend({ account: Account }), nothing),
  /** Who owns it ends it for all; what was said stays to be read. */
  leave: invoke(of, nothing),
  /** Owner only. */
  rename: invoke(of.extend({ title: z.string().trim().min(1).max(100) }), nothing),
  /** Sends again, now, what has not arrived. */
  retry: invoke(of, nothing),
  /** A stranger's conversation becomes an ordinary one; writing into it does so too. */
  accept: invoke(of, nothing),
  /** Puts a conversation away for good; they are not told. `block`: also blocks who began it. */
  refuse: invoke(of.extend({ block: z.boolean().default(false) }), nothing),
  /** Owner only: does what a member asked for, or not. */
  settle: invoke(of.extend({ wish: z.int().min(0), agree: z.boolean() }), nothing),
  /** How much sealed mail of others this computer keeps while they are away, megabytes; 0: none. */
  setKeeping: invoke(z.object({ megabytes: z.int().min(0).max(10_000) }), nothing),
  /** State, conversations or what arrived changed: read again. At most four times a second. */
  changed: notify(z.object({ conversations: z.array(z.string()) })),
  /** A text of somebody else has come, in a conversation that is no request. */
  texts: notify(z.object({ conversation: z.string(), line: z.custom<MessageLine>(), name: z.string() })),
  /** Somebody else read up to a message. */
  read: notify(z.object({ conversation: z.string(), account: z.string(), upTo: z.string() })),
} as const
