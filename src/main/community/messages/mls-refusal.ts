import { CodecError, ValidationError } from 'ts-mls/mlsError.js'
import type { MemberId } from '@shared/community/direct-conversation'
import { MessageRefused, type MessageFault } from './message-refused'

/** The sentences of ts-mls 1.6.4 that mean something else than forgery; the version is pinned and a test holds them. */
const SENTENCES: readonly (readonly [string, MessageFault])[] = [
  ['Desired gen in the past', 'replayed'],
  ['epoch too old', 'too-old'],
  ['former epoch', 'too-old'],
  ['Desired generation too far', 'too-far'],
  ['Could not validate credential', 'stranger'],
  ['not within Lifetime', 'expired'],
  ['No matching secret found', 'not-for-us'],
]

/** What ts-mls or WebCrypto threw over bytes from outside, as a refusal with a name. `strangers`: who has no grant. */
export function refusalOf(error: unknown, strangers: readonly MemberId[] = []): MessageRefused {
  if (error instanceof MessageRefused) return error
  const text = error instanceof Error ? error.message : String(error)
  const known = error instanceof ValidationError ? SENTENCES.find(([sentence]) => text.includes(sentence)) : undefined
  const fault = known?.[1] ?? (error instanceof CodecError ? 'malformed' : 'forged')
  return new MessageRefused(fault, text, { cause: error, strangers: fault === 'stranger' ? strangers : [] })
}
