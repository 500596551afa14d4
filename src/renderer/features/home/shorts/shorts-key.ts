export type ShortsAction =
  'next' | 'previous' | 'play' | 'like' | 'mute' | 'comments' | 'back' | 'forward' | 'fullscreen'

const KEYS: Partial<Record<string, ShortsAction>> = {
  ArrowDown: 'next',
  PageDown: 'next',
  ArrowUp: 'previous',
  PageUp: 'previous',
  ' ': 'play',
  k: 'play',
  l: 'like',
  m: 'mute',
  c: 'comments',
  f: 'fullscreen',
  ArrowLeft: 'back',
  ArrowRight: 'forward',
}

/** What a key does in the player, or null: keys with a modifier, in a field, or on a button's Space belong there. */
export function shortsAction(event: KeyboardEvent): ShortsAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null
  const { target } = event
  if (action === null || !(target instanceof HTMLElement)) return action
  if (target.closest('dialog, [role=menu]') !== null) return null
  if (target instanceof HTMLInputElement && target.type === 'range') {
    return action === 'back' || action === 'forward' ? null : action
  }
  if (target.matches('input, textarea, select, [contenteditable]')) return null
  // a list that scrolls keeps its arrows
  if (target.closest('.comments') !== null && (action === 'next' || action === 'previous')) return null
  return event.key === ' ' && target.closest('button') !== null ? null : action
}
