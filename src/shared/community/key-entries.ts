import { z } from 'zod'
import { SignedKeyGrant } from '../wallet/key-grant'
import { SignedKeyRevoke } from '../wallet/key-revoke'
import { entryIdDigest } from './entry-id'

/** Kinds that the log itself reads: who may write it, and what was withdrawn. */
export const GRANT_KIND = 'key.grant'
export const REVOKE_KIND = 'key.revoke'
export const WITHDRAW_KIND = 'del'

export const GrantBody = SignedKeyGrant
export const RevokeBody = SignedKeyRevoke
/** `s`: the id of the entry whose body its own account takes back. */
export const WithdrawBody = z.strictObject({ s: z.string().refine((text) => entryIdDigest(text) !== null) })
