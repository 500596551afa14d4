/** A colour angle, 0 to 359, that stays the same for the same peer (FNV-1a, 32 bit). */
export function coverHue(peerId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < peerId.length; index += 1) {
    hash = Math.imul(hash ^ peerId.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % 360
}
