import { z } from 'zod'

/** What the person has chosen about the wallet, as it lies in the settings; what money hangs on is the wallet's to keep. */
export const WalletChoice = z.object({
  /** An account is to be made later. */
  later: z.boolean(),
  /** Key of the real chain in front; null: the ledger of this profile. */
  network: z.string().max(60).nullable().default(null),
})
export type WalletChoice = z.infer<typeof WalletChoice>

export const DEFAULT_WALLET_CHOICE: WalletChoice = { later: false, network: null }
