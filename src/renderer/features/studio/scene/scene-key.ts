/** Ctrl+1 to Ctrl+9 (⌘ on a Mac): the number of the scene, from 0; null for other keys. */
export function sceneKey(event: KeyboardEvent): number | null {
  const isMac = navigator.userAgent.includes('Macintosh')
  const command = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
  if (!command || event.altKey || event.shiftKey || event.repeat || digit === undefined) return null
  return Number(digit) - 1
}

/** For the eye and for `aria-keyshortcuts`. */
export function sceneKeyName(index: number): { shown: string; aria: string } | null {
  if (index > 8) return null
  const isMac = navigator.userAgent.includes('Macintosh')
  return isMac
    ? { shown: `⌘${index + 1}`, aria: `Meta+${index + 1}` }
    : { shown: `Ctrl+${index + 1}`, aria: `Control+${index + 1}` }
}
