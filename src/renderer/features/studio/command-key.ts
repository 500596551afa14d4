export const isMac = navigator.userAgent.includes('Macintosh')

/** Whether a key is pressed with Ctrl (⌘ on a Mac), and with it alone of the two. */
export function hasCommandKey(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
}
