const LETTER = /[\p{L}\p{N}_]/u

/** Whether a text calls somebody by one of these names: `@name`, upper or lower case, not as part of a longer word. */
export function mentions(text: string, names: readonly string[]): boolean {
  if (!text.includes('@')) return false
  const lower = text.toLowerCase()
  return names.some((name) => {
    const called = `@${name.toLowerCase()}`
    if (called.length < 2) return false
    for (let at = lower.indexOf(called); at >= 0; at = lower.indexOf(called, at + 1)) {
      const next = lower.codePointAt(at + called.length)
      if (next === undefined || !LETTER.test(String.fromCodePoint(next))) return true
    }
    return false
  })
}
