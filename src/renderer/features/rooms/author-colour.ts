/**
 * The hue of an account's name, 0 to 359; the same on every computer. Lightness and chroma are the theme's
 * (author-colour.css), so that every hue can be read on both.
 */
export function authorHue(account: string): number {
  let hash = 0x811c9dc5 // FNV-1a, 32 bit
  for (let at = 0; at < account.length; at += 1) {
    hash = Math.imul(hash ^ account.charCodeAt(at), 0x01000193) >>> 0
  }
  return (hash ^ (hash >>> 16)) % 360
}
