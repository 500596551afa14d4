import { z } from 'zod'
import { Address } from '../money/address'

/** A name for people; never proof of who somebody is. */
export const AccountName = z.string().trim().min(1).max(40)

/** `device`: a random passphrase that this computer keeps, so that whoever uses the computer can sign. */
export const Protection = z.enum(['passphrase', 'device'])
export type Protection = z.infer<typeof Protection>

/** One account, without anything secret. */
export const AccountInfo = z.object({
  address: Address,
  name: AccountName,
  /** Unix milliseconds. */
  createdAt: z.number(),
  protection: Protection,
  /** It was derived from words, so there is something to write down. */
  hasWords: z.boolean(),
  /** The person has shown that she has the words. */
  backedUp: z.boolean(),
})
export type AccountInfo = z.infer<typeof AccountInfo>

/** Minutes without a use after which the wallet locks; 0: only when the app ends. */
export const LOCK_CHOICES = [5, 15, 60, 0] as const
export const LockMinutes = z.union([z.literal(5), z.literal(15), z.literal(60), z.literal(0)])
export type LockMinutes = z.infer<typeof LockMinutes>

/** What has to be typed to the letter before a key leaves the wallet. */
export const EXPORT_SENTENCE = 'Whoever has this can take everything.'

/** `we-studio` keeps accounts that people make; shorter ones fall in hours. */
export const MIN_PASSPHRASE = 8
export const MAX_PASSPHRASE = 256
