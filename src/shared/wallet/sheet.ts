import { z } from 'zod'
import { Address } from '../money/address'
import { AccountInfo, AccountName, MAX_PASSPHRASE } from './account'
import { MAX_BUDGET } from './room-budget'
import { SignWords } from './sign-words'

/**
 * The wallet's own sheet over the window: the only place where secrets are typed or shown and where signatures are
 * agreed to. It is a page with a process and a session of its own; its port leads to the wallet engine, past main and
 * past the window.
 */
export const SheetTask = z.enum(['create', 'import', 'unlock', 'passphrase', 'backup', 'export'])
export type SheetTask = z.infer<typeof SheetTask>

/** A signature, higher limits for gifts without a question, or a use of the account's words, that waits for an answer. */
export const SignPrompt = z.object({
  /** Counts once. */
  id: z.uuid(),
  /** `secret`: the account is opened once more for it, whether it is locked or not. */
  kind: z.enum(['signature', 'limits', 'secret']),
  account: AccountInfo,
  words: SignWords,
  /** Null for what belongs to no network. */
  network: z.object({ name: z.string(), testValue: z.boolean() }).nullable(),
  /** A budget may be agreed to together with it. */
  room: z.object({ name: z.string(), leftWei: z.bigint() }).nullable(),
  needsPassphrase: z.boolean(),
})
export type SignPrompt = z.infer<typeof SignPrompt>

export type SheetView =
  | { show: 'nothing' }
  | { show: 'task'; task: SheetTask; account: AccountInfo | null; keptBy: string | null }
  | { show: 'prompt'; prompt: SignPrompt; waiting: number }

const Secret = z.string().max(MAX_PASSPHRASE * 4)
const OwnPassphrase = Secret.nullable()

/** What the sheet asks of the engine, parsed there. */
export const SheetInput = {
  view: z.undefined(),
  /** From making an account to bringing one, and back. */
  turnTo: z.enum(['create', 'import']),
  /** `passphrase` null: the device keeps one. */
  create: z.strictObject({ name: AccountName, passphrase: OwnPassphrase }),
  importAccount: z.strictObject({
    name: AccountName,
    passphrase: OwnPassphrase,
    text: z.string().max(65_536),
    filePassphrase: Secret,
    path: z.string().max(100),
    mnemonicPassphrase: Secret,
  }),
  unlock: z.strictObject({ passphrase: Secret }),
  setPassphrase: z.strictObject({ current: OwnPassphrase, next: Secret }),
  showWords: z.strictObject({ passphrase: OwnPassphrase }),
  /** The words at the places that `showWords` asked for. */
  checkWords: z.strictObject({ words: z.array(z.string().max(30)).length(3) }),
  exportFile: z.strictObject({ passphrase: OwnPassphrase, sentence: z.string().max(200), filePassphrase: Secret }),
  exportKey: z.strictObject({ passphrase: OwnPassphrase, sentence: z.string().max(200) }),
  answer: z.strictObject({
    id: z.uuid(),
    yes: z.boolean(),
    /** Up to how much more may be given in the room today without a question, wei. */
    allowWei: z.bigint().min(0n).max(MAX_BUDGET),
    passphrase: OwnPassphrase,
  }),
  dismiss: z.undefined(),
} as const
type Inputs = typeof SheetInput

interface Outputs {
  view: SheetView
  turnTo: undefined
  create: { address: Address }
  importAccount: { address: Address }
  unlock: undefined
  setPassphrase: undefined
  /** All words, and the places (from 0) of the three to be typed again. */
  showWords: { words: string[]; ask: number[] }
  checkWords: boolean
  /** False when the person chose no file. */
  exportFile: boolean
  exportKey: { privateKey: string }
  answer: undefined
  dismiss: undefined
}

/** Served by the engine on the sheet's port. */
export interface SheetService {
  calls: { [C in keyof Inputs]: { input: z.input<Inputs[C]>; output: Outputs[C] } }
  events: { changed: SheetView }
}
