/** A set of stripes as the bits of one number (at most 32 stripes): a simulator holds millions of them. */
export type StripeSet = number

export const NO_STRIPES: StripeSet = 0
export const ALL_STRIPES: StripeSet = -1

export const hasStripe = (set: StripeSet, stripe: number): boolean => ((set >>> stripe) & 1) === 1

export const withStripe = (set: StripeSet, stripe: number): StripeSet => set | (1 << stripe)

export const withoutStripe = (set: StripeSet, stripe: number): StripeSet => set & ~(1 << stripe)
