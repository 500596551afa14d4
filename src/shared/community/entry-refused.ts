/**
 * Why an entry was refused.
 * - `oversized`, `malformed`: not an entry at all; `not-canonical`: another spelling than the one that counts
 * - `future`: dated more than ten minutes ahead
 * - `body`: another body than the header says
 * - `signature`: its device did not sign it
 * - `other-log`: of another log than was asked for
 * - `number`: not the next number; `chain`: does not follow the entry before it
 * - `grant`: the first entry of a log that no account has granted
 * - `forked`, `revoked`: above the place where the log was frozen, or its device taken back
 */
export type EntryFault =
  | 'oversized'
  | 'malformed'
  | 'not-canonical'
  | 'future'
  | 'body'
  | 'signature'
  | 'other-log'
  | 'number'
  | 'chain'
  | 'grant'
  | 'forked'
  | 'revoked'

/** Nothing of the entry is used. For logs and counters, never shown to a person as it is. */
export class EntryRefused extends Error {
  constructor(
    readonly fault: EntryFault,
    message: string,
  ) {
    super(message)
    this.name = 'EntryRefused'
  }
}
