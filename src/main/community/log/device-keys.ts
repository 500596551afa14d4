import { digestOfCid } from '@shared/community/entry-id'
import { GrantBody, RevokeBody } from '@shared/community/key-entries'
import { scopeOfKind } from '@shared/community/entry-scope'
import { keyGrantProblem, type SignedKeyGrant } from '@shared/wallet/key-grant'
import { isSignedRevoke } from '@shared/wallet/key-revoke'
import type { GrantRow, RevocationRow } from './log-table'

const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))

/**
 * The grant in a body, if its account signed it for this device; null otherwise. 1 to 5 ms.
 * @param account only one of this account; nothing is computed for others
 */
export function readGrant(content: unknown, device: Uint8Array, account?: string): SignedKeyGrant | null {
  const parsed = GrantBody.safeParse(content)
  if (!parsed.success) return null
  const grant = parsed.data
  if (account !== undefined && grant.account !== account) return null
  // Which kinds and times it covers is asked of each entry: here only what it says itself.
  const itself = { device: hexOf(device), scope: grant.scopes.split(' ')[0]!, now: grant.notBefore }
  return keyGrantProblem(grant, itself) === null ? grant : null
}

export function grantRow({ notBefore, expires, scopes }: SignedKeyGrant): GrantRow {
  return { not_before: notBefore, expires, scopes }
}

/** Whether a grant lets its device make an entry of this kind at this time (Unix milliseconds). */
export function isCovered(grants: readonly GrantRow[], kind: string, t: number): boolean {
  const [seconds, scope] = [t / 1000, scopeOfKind(kind)]
  return grants.some(
    ({ not_before, expires, scopes }) =>
      not_before <= seconds && seconds < expires && (scopes === scope || scopes.split(' ').includes(scope)),
  )
}

export interface Revocation extends Omit<RevocationRow, 'key'> {
  account: string
  device: Uint8Array
}

/** The revocation in a body, if this account signed it; null otherwise. 1 to 5 ms. */
export function readRevocation(content: unknown, account: string): Revocation | null {
  const parsed = RevokeBody.safeParse(content)
  if (!parsed.success || parsed.data.account !== account || !isSignedRevoke(parsed.data)) return null
  const { device, lastN, lastId } = parsed.data
  if (lastId === '0x') return { account, device: bytesOf(device), last_n: -1, last_id: null }
  const digest = digestOfCid(bytesOf(lastId))
  return digest === null ? null : { account, device: bytesOf(device), last_n: lastN, last_id: digest }
}
