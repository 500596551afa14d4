import { z } from 'zod'
import { Address } from '../money/address'
import { AccountInfo, AccountName, LockMinutes } from '../wallet/account'
import { BudgetLimits } from '../wallet/room-budget'
import { SheetTask } from '../wallet/sheet'
import { Movement, WalletState } from '../wallet/wallet-state'
import { invoke, notify } from './channel'

const nothing = z.void()

/** The checksummed form (EIP-55), for people. */
const Shown = z.string()

export const WalletLedger = z.object({
  key: z.string(),
  chainId: z.bigint(),
  name: z.string(),
  /** `local`: test value. `rpc`: a real chain. */
  kind: z.enum(['local', 'rpc']),
  /** What fees are paid in; null: not known, or nothing costs a fee. */
  coin: z.string().nullable(),
})
export type WalletLedger = z.infer<typeof WalletLedger>

/** A network that can be put in front; `hosts`: who tells what is known of it. */
export const WalletChoiceOfNetwork = z.object({
  ...{ key: z.string(), chainId: z.bigint(), name: z.string(), kind: z.enum(['local', 'rpc']) },
  hosts: z.array(z.string()),
})

/** The wallet as the window shows it. */
export const WalletView = WalletState.extend({
  accounts: z.array(AccountInfo.extend({ shown: Shown })),
  /** Where the balance is; null while no ledger is open. */
  ledger: WalletLedger.nullable(),
  /** Of the active account; null while it is not known. */
  balance: z.object({ freeWei: z.bigint(), depositWei: z.bigint(), coinWei: z.bigint().nullable() }).nullable(),
  /** Why the balance is not known, in words; null: it is, or is being asked for. */
  balanceProblem: z.string().nullable(),
  /** The ledger of this profile first. */
  networks: z.array(WalletChoiceOfNetwork),
  /** On the network in front: signed or about to be, and not in a block yet. */
  underWay: z.array(z.string()),
  /** The person has decided to make an account later. */
  later: z.boolean(),
})
export type WalletView = z.infer<typeof WalletView>

/** What the account has signed, or what came to it. */
export const MovementView = Movement.extend({
  kind: z.enum([...Movement.shape.kind.options, 'received', 'earned']),
  otherShown: Shown.nullable(),
  /** WE that came to the account, wei. */
  getsWei: z.bigint(),
  /** Of another network than the one in front: its name. */
  elsewhere: z.string().nullable(),
})
export type MovementView = z.infer<typeof MovementView>

/** What is to be said about an address that was typed. */
export const AddressCheck = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none'), message: z.string() }),
  z.object({
    state: z.literal('found'),
    address: Address,
    shown: Shown,
    /** Name of an own account or of somebody known. */
    name: z.string().nullable(),
    warning: z.string().nullable(),
  }),
])
export type AddressCheck = z.infer<typeof AddressCheck>

/**
 * What the window may ask of the wallet. Nothing secret goes either way and nothing here signs: `send` ends on the
 * wallet's sheet, which the window has no part in.
 */
export const walletSchema = {
  getState: invoke(nothing, WalletView),
  changed: notify(WalletView),
  /** Shows the sheet with a task; the sheet does the rest. */
  openSheet: invoke(SheetTask, nothing),
  later: invoke(nothing, nothing),
  lock: invoke(nothing, nothing),
  select: invoke(Address, nothing),
  rename: invoke(z.object({ address: Address, name: AccountName }), nothing),
  setLockMinutes: invoke(LockMinutes, nothing),
  /** Lower ones hold at once; higher ones end on the sheet, as `send` does. */
  setLimits: invoke(BudgetLimits, nothing),
  checkAddress: invoke(z.string().max(200), AddressCheck),
  /** Resolves when it is in a block; rejects with the reason, "you said no" among them. */
  send: invoke(z.object({ to: Address, amountWei: z.bigint().positive() }), z.object({ hash: z.string() })),
  /** Puts a network in front: a key of `networks`; null: the ledger of this profile. */
  chooseNetwork: invoke(z.string().max(60).nullable(), nothing),
  /** Of the active account, newest first: what it has signed anywhere, and what came to it on the network in front. */
  movements: invoke(nothing, z.array(MovementView)),
  moved: notify(MovementView),
}
