export type PlayerAction =
  | 'toggle-play'
  | 'toggle-mute'
  | 'toggle-fullscreen'
  | 'toggle-pip'
  | 'toggle-stats'
  | 'toggle-captions'
  | 'volume-up'
  | 'volume-down'
  | 'back'
  | 'forward'
  | 'edge'
  | 'slower'
  | 'faster'

const KEYS: Partial<Record<string, PlayerAction>> = {
  ' ': 'toggle-play',
  k: 'toggle-play',
  m: 'toggle-mute',
  f: 'toggle-fullscreen',
  p: 'toggle-pip',
  i: 'toggle-pip',
  s: 'toggle-stats',
  c: 'toggle-captions',
  l: 'edge',
  '<': 'slower',
  '>': 'faster',
  ArrowUp: 'volume-up',
  ArrowDown: 'volume-down',
  ArrowLeft: 'back',
  ArrowRight: 'forward',
}

/**
 * What a key does in the player, or null. Keys with a modifier belong to the system, keys in a field to the field, and
 * Space on a focused button or the arrows on a slider to those.
 */
export function playerAction(event: KeyboardEvent): PlayerAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null
  const target = event.target
  if (action === null || !(target instanceof HTMLElement)) return action
  const kind = target instanceof HTMLInputElement ? target.type : ''
  if (kind === 'range') return event.key.startsWith('Arrow') ? null : action
  if (kind !== '' || target.matches('textarea, select, [contenteditable]')) return null
  return event.key === ' ' && target.closest('button') !== null ? null : action
}
