/** A gift of the council, number `id` in every GiftCatalog that `localDeployment` makes; apps draw it by its text. */
export interface StandardGift {
  readonly id: number
  /** Wei. */
  readonly price: bigint
  readonly text: string
}

const TENTH = 10n ** 17n

/** Prices in tenths of a WE. Append only: a gift's number and price never change. */
const PRICES: readonly (readonly [text: string, tenths: number])[] = [
  ['Kiss', 1],
  ['Rose', 2],
  ['Heart', 5],
  ['Clap', 10],
  ['Coffee', 20],
  ['Balloon', 50],
  ['Star', 100],
  ['Cake', 200],
  ['Crown', 500],
  ['Fireworks', 1_000],
  ['Sports car', 2_000],
  ['Yacht', 4_000],
  ['Plane', 6_000],
  ['Rocket', 10_000],
  ['Castle', 20_000],
]

export const STANDARD_GIFTS: readonly StandardGift[] = PRICES.map(([text, tenths], index) => ({
  id: index + 1,
  price: BigInt(tenths) * TENTH,
  text,
}))
