import { z } from 'zod'

/**
 * The small parts of which bodies are made. They transform nothing: a body is what was signed, or it is refused. Lengths
 * are UTF-16 units. A body as a whole has at most 32 kB (entry format), so lists may be bounded generously.
 */

/** Controls and lone surrogates have no place in a text for people; nor have the marks that turn its direction for good. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e]*$/u
const MANY_LINES = /^(?:[^\p{Cc}\p{Cs}\u202a-\u202e]|\n|\t)*$/u

/** One line that says something. */
export const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(ONE_LINE)
    .refine((text) => text.trim() !== '')

/** Text of several lines; may be empty. */
export const prose = (max: number) => z.string().max(max).regex(MANY_LINES)

/** CID of a file or block: version 1, base32. */
export const FileCid = z.string().regex(/^b[a-z2-7]{50,70}$/)
/** 20 bytes, lower case. */
export const Account = z.string().regex(/^0x[0-9a-f]{40}$/)
/** 32 bytes with 0x, lower case: digests, keys. */
export const Digest = z.string().regex(/^0x[0-9a-f]{64}$/)
/** 65 bytes with 0x, lower case: a signature of a wallet. */
export const WalletSignature = z.string().regex(/^0x[0-9a-f]{130}$/)
/** Unix milliseconds, below the year 2100. */
export const TimeMs = z.int().min(0).max(4_102_444_800_000)
/** Unix seconds. */
export const TimeSeconds = z.int().min(0).max(4_102_444_800)
/** A UTC day as `2026-11-23`. */
export const Day = z.string().regex(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)
/** Hundredths of a percent. */
export const BasisPoints = z.int().min(0).max(10_000)
export const Count = z
  .int()
  .min(0)
  .max(2 ** 40)
/** Wei as decimal digits: up to 256 bits. */
export const Wei = z.string().regex(/^(?:0|[1-9]\d{0,77})$/)
/** BCP 47, the short forms: `zh`, `zh-Hant`, `pt-BR`. */
export const Language = z.string().regex(/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/)
/** A word that sorts: category, network, label. */
export const Word = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,30}[a-z0-9])?$/)
export const Tag = line(40)
export const ChainId = z
  .int()
  .min(1)
  .max(2 ** 48)
/** Opaque bytes, at least one. */
export const bytes = (max: number) => z.instanceof(Uint8Array).refine((data) => data.length > 0 && data.length <= max)
