/** What all members of one show agree on; the broadcaster fixes it before the first viewer (it belongs into the signed manifest). */
export interface MeshSettings {
  /** Trees the show is split over: piece `n` of stripe `s` holds the s-th part of chunk `n`. 1 to `MESH_LIMITS.stripes`. */
  stripes: number
  /** What one stripe costs the sender's uplink, headers and signatures included, bits a second. */
  stripeBps: number
  /** Play time of one piece of a stripe, milliseconds. */
  pieceMs: number
  /** Part of a proven uplink that is lent to repairs only, 0 to 0.5 (live.md section 6: 0.10 to 0.15). */
  repairShare: number
}

/** A peer that sends more than this is refused before anything is kept of it; encoders and decoders use the same figures. */
export const MESH_LIMITS = {
  stripes: 32,
  /** Children of one node in all its stripes. */
  children: 1_024,
  /** Silent second children of one node. */
  standbys: 2_048,
  /** Members named by one `redirect` or `assign`. */
  members: 4,
  /** Places named by one `assign`, and blames in one `report`. */
  places: 16,
  blames: 16,
  /** Pieces of one `pull`. */
  range: 512,
  /** Peers under a bar that are remembered. */
  barred: 256,
  /** Members kept for the next try. */
  known: 64,
  /** Longest wait that a peer may ask for, milliseconds. */
  retryMs: 10_000,
} as const

/** live.md section 6: few stripes while a room is small, whole slots fit better (section 4) in a large one. */
export function stripesForRoom(viewers: number): number {
  if (viewers < 4) return 2
  return viewers < 16 ? 4 : viewers < 1_000 ? 8 : 16
}

/** Slots of one stripe that an uplink carries (live.md section 4, "whole slots"). */
export function slotsOf(uplinkBps: number, { stripeBps }: Pick<MeshSettings, 'stripeBps'>): number {
  return Math.max(0, Math.min(MESH_LIMITS.children, Math.floor(uplinkBps / stripeBps + 1e-9)))
}
