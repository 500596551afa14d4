import { z } from 'zod'
import type { Conversation } from '../../community/direct-conversation'
import { invoke } from '../channel'

/** Private messages, end-to-end encrypted. */
export const messagesSchema = {
  getState: invoke(z.void(), z.custom<{ ready: boolean; conversations: readonly Conversation[] }>()),
} as const
