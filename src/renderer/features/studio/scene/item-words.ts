import type { SceneItem } from '@shared/media/scene'
import type { SceneItemState } from '@shared/media/scene-state'
import type { SourceOption } from '@shared/media/source-spec'
import { sourceName } from '../source-name'

/** What to call an item: the name it was given, or that of its source. */
export function itemName(item: SceneItem, options: readonly SourceOption[]): string {
  return item.name === '' ? sourceName(item.source, options) : item.name
}

/** What is wrong with an item, or being done about it; null when it is simply there. */
export function itemNote(item: SceneItem, state: SceneItemState | undefined): string | null {
  if (!item.visible) return 'Hidden'
  if (state === undefined) return null
  if (state.state === 'opening') return 'Opening…'
  if (state.state === 'failed' || state.state === 'waiting') return state.message
  return state.state === 'ended' ? 'Over' : null
}
