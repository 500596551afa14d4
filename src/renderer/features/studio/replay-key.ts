import { hasCommandKey, isMac } from './command-key'

/** The key that saves a replay, for the eye and for `aria-keyshortcuts`. */
export const REPLAY_KEYS = isMac
  ? { shown: '⇧⌘R', aria: 'Meta+Shift+R' }
  : { shown: 'Ctrl+Shift+R', aria: 'Control+Shift+R' }

/** True for Ctrl+Shift+R (⇧⌘R on a Mac), once for each press. */
export function isReplayKey(event: KeyboardEvent): boolean {
  return hasCommandKey(event) && event.shiftKey && !event.altKey && !event.repeat && event.code === 'KeyR'
}
