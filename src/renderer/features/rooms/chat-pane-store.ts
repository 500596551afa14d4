import { create } from 'zustand'

const KEY = 'chat-pane'
export const MIN_CHAT_WIDTH = 260
export const MAX_CHAT_WIDTH = 520
/** Below this width of the window the chat waits behind its button: the picture comes first. */
export const NARROW_PX = 1_100

interface ChatPane {
  /** Beside the picture, in a window that has room for both, and in a narrow one. */
  readonly isOpenWide: boolean
  readonly isOpenNarrow: boolean
  /** Over the picture in full screen. */
  readonly isFloating: boolean
  /** Pixels. */
  readonly width: number
}

export const useChatPane = create<ChatPane>()(() => remembered())

export function setChatWidth(width: number): void {
  useChatPane.setState({ width: Math.round(Math.min(MAX_CHAT_WIDTH, Math.max(MIN_CHAT_WIDTH, width))) })
}

function remembered(): ChatPane {
  const start: ChatPane = { isOpenWide: true, isOpenNarrow: false, isFloating: true, width: 340 }
  try {
    const { isOpenWide, isFloating, width } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<ChatPane>
    return {
      ...start,
      ...(typeof isOpenWide === 'boolean' && { isOpenWide }),
      ...(typeof isFloating === 'boolean' && { isFloating }),
      ...(typeof width === 'number' && width >= MIN_CHAT_WIDTH && width <= MAX_CHAT_WIDTH && { width }),
    }
  } catch {
    return start
  }
}

useChatPane.subscribe((pane) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(pane))
  } catch {
    // it is forgotten with the window
  }
})
