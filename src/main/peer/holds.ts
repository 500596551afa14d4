import type { SegmentRecord } from '@shared/live/segment-record'

/** Numbers whose holdings are remembered for one peer. */
const REMEMBERED = 1024

/**
 * Which renditions of a segment a peer holds: bit i stands for `renditions[i]` of its record. It travels beside each
 * announced record, unsigned: it says something of the peer, nothing of the show. 0 for the final record.
 */
export type Holds = number

/** All renditions of a record. */
export function allOf({ renditions }: SegmentRecord): Holds {
  return (1 << renditions.length) - 1
}

/** The bit of a rendition; 0 when the record has none of that name. */
export function holdsOf({ renditions }: SegmentRecord, id: string): Holds {
  const index = renditions.findIndex((rendition) => rendition.id === id)
  return index < 0 ? 0 : 1 << index
}

/** Adds to what is known of a number; the oldest numbers are forgotten. */
export function rememberHolds(known: Map<number, Holds>, seq: number, holds: Holds): void {
  known.set(seq, (known.get(seq) ?? 0) | holds)
  if (known.size <= REMEMBERED) return
  const oldest = known.keys().next()
  if (!oldest.done) known.delete(oldest.value)
}

/** Whether `holds` of this number says nothing new. */
export function isKnown(known: ReadonlyMap<number, Holds>, seq: number, holds: Holds): boolean {
  const before = known.get(seq)
  return before !== undefined && (holds & ~before) === 0
}
