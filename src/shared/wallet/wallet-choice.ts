import { z } from 'zod'

/** What the person has chosen about the wallet, as it lies in the settings; what money hangs on is the wallet's to keep. */
export const WalletChoice = z.object({
  /** An account is to be made later. */
  later: z.boolean(),
})
export type WalletChoice = z.infer<typeof WalletChoice>

export const DEFAULT_WALLET_CHOICE: WalletChoice = { later: false }
