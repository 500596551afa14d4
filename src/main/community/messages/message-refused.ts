import type { MemberId } from '@shared/community/direct-conversation'

/**
 * Why something that came in was refused. Nothing of it was kept.
 * - `oversized`, `malformed`: not a message at all
 * - `forged`: no member encrypted or signed it so
 * - `replayed`: it was taken before; whoever sent it may be told again that it arrived
 * - `too-old`: encrypted more than four changes of membership ago, its keys are gone
 * - `too-far`: more than 512 messages of its sender are missing before it
 * - `stranger`: a device that no account has granted, or that is not bound to its account
 * - `not-owner`: only the owner of a conversation may do this; `not-member`: this device was taken out of it
 * - `not-for-us`: an invitation to somebody else, or for a key package that has expired here
 * - `expired`: a key package outside of its time
 * - `too-many`: more members than a conversation may have
 * - `unwanted`: an invitation of somebody whom this person blocked, or of one stranger too many
 */
export type MessageFault =
  | 'oversized'
  | 'malformed'
  | 'forged'
  | 'replayed'
  | 'too-old'
  | 'too-far'
  | 'stranger'
  | 'not-owner'
  | 'not-member'
  | 'not-for-us'
  | 'expired'
  | 'too-many'
  | 'unwanted'

interface RefusedOptions extends ErrorOptions {
  strangers?: readonly MemberId[]
}

/** For logs, counters and decisions; never shown to a person as it is. */
export class MessageRefused extends Error {
  /** Of a `stranger`: whose grants are missing. With them it may be taken. */
  readonly strangers: readonly MemberId[]

  constructor(
    readonly fault: MessageFault,
    message: string,
    options: RefusedOptions = {},
  ) {
    super(message, options)
    this.name = 'MessageRefused'
    this.strangers = options.strangers ?? []
  }
}
