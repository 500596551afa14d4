/** Of the types and of the contracts (TipBank, GiftCatalog). */
export const MAX_TOTAL = 2n ** 96n - 1n
export const MAX_COUNT = 2 ** 32 - 1
export const MAX_SHARER_BPS = 5_000
export const MAX_DESIGNER_BPS = 2_000
