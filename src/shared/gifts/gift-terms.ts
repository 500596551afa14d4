import { z } from 'zod'
import { publicKeyOfPeerId } from '../live/peer-id-key'
import { SignedKeyGrant } from '../wallet/signed-key-grant'
import { MAX_SHARER_BPS } from './tab-limits'

const hexOf = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`))

/**
 * On which ledger, and to whom, the gifts of a live go. Part of its signed manifest, so that every viewer pays the same
 * account under the same terms. A live without it takes no gifts.
 */
export const GiftTerms = z.strictObject({
  /** The creator's account. */
  account: hexOf(20),
  /**
   * By it the account lets the device that signs the show speak for it: else anybody could name another's account. Left
   * out by versions before it; such a live is watched, and nothing can be given in it.
   */
  grant: SignedKeyGrant.optional(),
  /** Of the ledger. Local ones lie above 2^38 and below 2^53. */
  chainId: z.int().positive(),
  /** keccak256 of the ledger's genesis; zeros for a real chain. */
  genesis: hexOf(32),
  /** TipBank on it. */
  bank: hexOf(20),
  /** Peer id from which a local ledger can be followed; null: the broadcaster. */
  host: z
    .string()
    .refine((id) => publicKeyOfPeerId(id) !== null)
    .nullable(),
  /** Part of who shared the live, in 1/10,000 of what the fee leaves. */
  sharerBps: z.int().min(0).max(MAX_SHARER_BPS),
})
export type GiftTerms = z.infer<typeof GiftTerms>

/** Domain under which tabs for these terms are signed. */
export function tabDomain({ chainId, bank }: Pick<GiftTerms, 'chainId' | 'bank'>) {
  return { name: 'WE TipBank', version: '1', chainId: BigInt(chainId), verifyingContract: bank } as const
}
