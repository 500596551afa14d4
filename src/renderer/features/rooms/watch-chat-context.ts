import { createContext, use } from 'react'
import type { RoomView } from './room-store'

/** The chat of the watched live, for its parts over and beside the picture. */
export interface WatchedChat {
  /** Null: this live has none. */
  readonly room: string | null
  /** Null: not open yet. */
  readonly view: RoomView | null
  readonly startedAt: number
  readonly isShown: boolean
  readonly setShown: (isShown: boolean) => void
}

export const WatchedChatContext = createContext<WatchedChat | null>(null)

/** Throws outside of `WatchChat`. */
export function useWatchedChat(): WatchedChat {
  const chat = use(WatchedChatContext)
  if (chat === null) throw new Error('outside of WatchChat')
  return chat
}
