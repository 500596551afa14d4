import { hasCommandKey, isMac } from './command-key'

/** The keys of undo and redo, for the eye and for `aria-keyshortcuts`. */
export const UNDO_KEYS = isMac
  ? { undo: { shown: '⌘Z', aria: 'Meta+Z' }, redo: { shown: '⇧⌘Z', aria: 'Meta+Shift+Z' } }
  : { undo: { shown: 'Ctrl+Z', aria: 'Control+Z' }, redo: { shown: 'Ctrl+Shift+Z', aria: 'Control+Shift+Z' } }

/** What a key press asks for. Text fields keep their own undo. */
export function undoKey(event: KeyboardEvent): 'undo' | 'redo' | null {
  if (!hasCommandKey(event) || event.altKey || isTextField(event.target)) return null
  if (event.code === 'KeyZ') return event.shiftKey ? 'redo' : 'undo'
  return event.code === 'KeyY' && !isMac && !event.shiftKey ? 'redo' : null
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && (target.type === 'text' || target.type === 'search')
}
