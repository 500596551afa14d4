import { hasCommandKey, isMac } from '../command-key'

/** Ctrl+1 to Ctrl+9 (⌘ on a Mac): the number of the scene, from 0; null for other keys. */
export function sceneKey(event: KeyboardEvent): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
  if (!hasCommandKey(event) || event.altKey || event.shiftKey || event.repeat || digit === undefined) return null
  return Number(digit) - 1
}

/** For the eye and for `aria-keyshortcuts`. */
export function sceneKeyName(index: number): { shown: string; aria: string } | null {
  if (index > 8) return null
  return isMac
    ? { shown: `⌘${index + 1}`, aria: `Meta+${index + 1}` }
    : { shown: `Ctrl+${index + 1}`, aria: `Control+${index + 1}` }
}
