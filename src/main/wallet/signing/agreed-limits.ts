import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { BudgetLimits, DEFAULT_BUDGET } from '@shared/wallet/room-budget'
import { writeBeside } from '../../platform/write-beside'

/** Wei in decimal digits: JSON has no bigint. */
const Wei = z
  .string()
  .regex(/^\d{1,30}$/)
  .transform(BigInt)
const LimitsFile = z
  .strictObject({ v: z.literal(1), perDay: Wei, perGift: Wei })
  .transform(({ perDay, perGift }) => BudgetLimits.parse({ perDayWei: perDay, perGiftWei: perGift }))

/** Nothing goes without a question. */
const NOTHING: BudgetLimits = { perDayWei: 0n, perGiftWei: 0n }

/**
 * What may be given without a question, as the person has agreed on the sheet. It is kept by the wallet itself
 * (`limits.json`, mode 0600), so that no setting and no call from the window can raise it.
 */
export class AgreedLimits {
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private limits: BudgetLimits,
  ) {}

  /** Before the first change the default holds; with a file that cannot be read, everything asks. */
  static async open(path: string): Promise<AgreedLimits> {
    try {
      return new AgreedLimits(path, LimitsFile.parse(JSON.parse(await readFile(path, 'utf8'))))
    } catch (error) {
      const isNew = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!isNew) console.error('The limits of the wallet cannot be read: every gift asks.')
      return new AgreedLimits(path, isNew ? DEFAULT_BUDGET : NOTHING)
    }
  }

  get value(): BudgetLimits {
    return this.limits
  }

  /** True when something could be given with `next` that asks now. */
  isRaisedBy(next: BudgetLimits): boolean {
    return next.perDayWei > this.limits.perDayWei || next.perGiftWei > this.limits.perGiftWei
  }

  /** To what the person has agreed to. @throws StudioError `wallet-not-written`; the old ones hold then */
  agree(next: BudgetLimits): Promise<void> {
    return this.#keep(() => next)
  }

  /** Downwards only, whatever has changed meanwhile. @throws StudioError `wallet-not-written` */
  lower(next: BudgetLimits): Promise<void> {
    return this.#keep((now) => ({
      perDayWei: lesser(now.perDayWei, next.perDayWei),
      perGiftWei: lesser(now.perGiftWei, next.perGiftWei),
    }))
  }

  #keep(change: (now: BudgetLimits) => BudgetLimits): Promise<void> {
    const write = this.#writing.then(async () => {
      const next = change(this.limits)
      const file = { v: 1, perDay: String(next.perDayWei), perGift: String(next.perGiftWei) }
      await writeBeside(this.path, `${JSON.stringify(file)}\n`, { mode: 0o600 }).catch((error: unknown) => {
        throw new StudioError(
          'wallet-not-written',
          'The limits could not be saved. Check that the disk is not full and try again.',
          { cause: error },
        )
      })
      this.limits = next
    })
    this.#writing = write.catch(() => undefined)
    return write
  }
}

const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)
