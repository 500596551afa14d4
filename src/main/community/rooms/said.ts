import type { RoomEntry } from '@shared/community/room-entry'

/** Something said in a room, as it is kept. */
export interface Said {
  readonly entry: RoomEntry
  /** The message by which it came: what others who ask get. */
  readonly bytes: Uint8Array
  /** Its place in the talk, Unix milliseconds. */
  readonly at: number
}

export type SaidLine = Said & { readonly entry: Extract<RoomEntry, { kind: 'chat' }> }

/** The order of a talk: by place, then author, then the author's own order. */
export function isBefore(one: Said, other: Said): boolean {
  if (one.at !== other.at) return one.at < other.at
  if (one.entry.device !== other.entry.device) return one.entry.device < other.entry.device
  return one.entry.n < other.entry.n
}

/** Where in a list in order a thing belongs; most belong at its end. */
export function placeIn(list: readonly Said[], thing: Said): number {
  let at = list.length
  while (at > 0 && isBefore(thing, list[at - 1]!)) at--
  return at
}
