import { ZERO_ADDRESS, type Address, type Bytes32 } from '../money/address'
import type { CatalogueGift } from './ledger-view'
import type { Tab } from './tab'

/**
 * [Note: A designer's tab]
 * TipBank knows creator and sharer of a tab, and no designer: gifts of many designers grow one total, which therefore
 * cannot say whose part is how much. So who gives a gift with a designer signs two tabs at once: that of the creator grows
 * by the price less the designer's part, and one for the designer grows by the part. Both carry the same item in their
 * chain and travel in one gift line; a room takes both or neither, and the creator's app settles both (anybody who has
 * the line may). The designer's tab names the room's creator as a sharer of 0 %: a line of its own for each room, apart
 * from gifts in the designer's own lives, and readable on the ledger as what it is. A creator who keeps the designer's tab
 * to themselves gains nothing: what is not settled stays the payer's.
 */
export interface DesignTab {
  /** `creator` is the designer, `sharer` the creator of the room, `sharerBps` 0. */
  tab: Tab
  /** EIP-2098. */
  signature: Uint8Array
  /** `chain` of this tab before the gift. */
  before: Bytes32
}

/** Who designed a gift, and what of its price is theirs. */
export interface DesignPart {
  designer: Address
  /** Of all pieces, before the fee. */
  wei: bigint
}

const BPS = 10_000n

/**
 * The designer's part of gifts in a live, rounded down as in `Shares.part`; null when nothing is due: a gift of ours, a
 * part of 0 or less than a wei, or when the designer is who gives or who gets it.
 */
export function designPart(
  { designer, designerBps }: Pick<CatalogueGift, 'designer' | 'designerBps'>,
  amountWei: bigint,
  { payer, creator }: { payer: Address; creator: Address },
): DesignPart | null {
  if (designer === ZERO_ADDRESS || designer === payer || designer === creator) return null
  const wei = (amountWei * BigInt(designerBps)) / BPS
  return wei === 0n ? null : { designer, wei }
}

/** Names of a designer's tab: the line it grows on. */
export function designLine(payer: Address, designer: Address, roomCreator: Address) {
  return { payer, creator: designer, sharer: roomCreator, sharerBps: 0 } as const
}

/** Whether a line pays who designed gifts: its sharer, the creator of the room, gets 0 % (the note above). */
export function isDesignLine({ sharer, sharerBps }: { sharer: string; sharerBps: number }): boolean {
  return sharer !== ZERO_ADDRESS && sharerBps === 0
}
