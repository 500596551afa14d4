import { mix } from './source-choice'

/** From so many viewers on ranks are spread, and trees are tidied for delay: in a small room a hop less is not worth a gap. */
export const LARGE_ROOM = 64

/**
 * How far above its parent's rank plus one a member puts itself ([Note: Ranks]), in [0, 1), by peer and stripe: members of one
 * level then can take each other's children when one of the level above dies; with equal ranks all would wait for the few above.
 * Everybody computes the same for a peer. FNV-1a of its key.
 */
export function rankSpread(peer: string | number, stripe: number, room: number): number {
  if (room < LARGE_ROOM) return 0
  let hash = 0x811c9dc5
  if (typeof peer === 'number') hash ^= peer
  else for (let i = 0; i < peer.length; i++) hash = Math.imul(hash ^ peer.charCodeAt(i), 0x01000193)
  return mix(hash + stripe * 0x9e3779b1) / 4294967296
}
