import { z } from 'zod'

/** The contracts of the product (`contracts/`); a network pins each by address and code hash. */
export const ContractName = z.enum([
  'WEToken',
  'GiftCatalog',
  'GiftRouter',
  'TipBank',
  'ContentRegistry',
  'AccessMarket',
  'Registry',
])
export type ContractName = z.infer<typeof ContractName>
