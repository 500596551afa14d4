import { z } from 'zod'
import { LedgerStatus } from '../ledger/ledger-status'
import { invoke, notify } from './channel'

const nothing = z.void()

/** The local ledgers of this profile. All that they hold is test value, which the window always says. */
export const localLedgerSchema = {
  /** Those that are open, without opening one. */
  list: invoke(nothing, z.array(LedgerStatus)),
  /** The own ledger; made at first need. */
  open: invoke(nothing, LedgerStatus),
  /** A block was added, or a peer was dropped. */
  changed: notify(LedgerStatus),
} as const
