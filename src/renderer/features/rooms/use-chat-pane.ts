import { useCallback, useSyncExternalStore } from 'react'
import { NARROW_PX, useChatPane } from './chat-pane-store'

const narrow = matchMedia(`(max-width: ${NARROW_PX}px)`)
const listenToWidth = (changed: () => void): (() => void) => {
  narrow.addEventListener('change', changed)
  return () => narrow.removeEventListener('change', changed)
}
const listenToFullScreen = (changed: () => void): (() => void) => {
  document.addEventListener('fullscreenchange', changed)
  return () => document.removeEventListener('fullscreenchange', changed)
}

/** Whether something fills the screen. */
export function useFullScreen(): boolean {
  return useSyncExternalStore(listenToFullScreen, () => document.fullscreenElement !== null)
}

/** Whether the chat is seen where it is now: beside the picture, or over it in full screen; and how to change that. */
export function useChatShown(): readonly [isShown: boolean, setShown: (isShown: boolean) => void] {
  const isNarrow = useSyncExternalStore(listenToWidth, () => narrow.matches)
  const isFull = useFullScreen()
  const pane = useChatPane()
  const which = isFull ? 'isFloating' : isNarrow ? 'isOpenNarrow' : 'isOpenWide'
  const setShown = useCallback((isShown: boolean) => useChatPane.setState({ [which]: isShown }), [which])
  return [pane[which], setShown]
}
