import { z } from 'zod'
import { Address } from '../money/address'
import { AccountInfo, LockMinutes } from './account'
import { BudgetLimits, RoomBudget } from './room-budget'

/** What anybody in the app may know of the wallet; nothing in it is secret. */
export const WalletState = z.object({
  accounts: z.array(AccountInfo),
  active: Address.nullable(),
  /** The active account has to be opened by its passphrase first. */
  locked: z.boolean(),
  lockMinutes: LockMinutes,
  /** Where the passphrase of accounts without one of their own lies: a key store's name, `file`; null: nowhere yet. */
  keptBy: z.string().nullable(),
  /** Of each room, as the person has agreed. */
  limits: BudgetLimits,
  rooms: z.array(RoomBudget),
})
export type WalletState = z.infer<typeof WalletState>

/** One signature that moved something, or let something be moved. */
export const Movement = z.object({
  id: z.string(),
  account: Address,
  /** Unix milliseconds. */
  at: z.number(),
  kind: z.enum(['gift', 'deposit', 'payment', 'permit', 'call', 'key', 'message']),
  title: z.string(),
  /** Whom it concerns. */
  other: Address.nullable(),
  otherName: z.string().nullable(),
  /** WE that leaves the account, wei; 0 when none does. */
  paysWei: z.bigint(),
  chainId: z.bigint().nullable(),
  /** Hash of a transaction. */
  hash: z.string().nullable(),
  /** Given inside a budget or a rule, without a question. */
  auto: z.boolean(),
})
export type Movement = z.infer<typeof Movement>
