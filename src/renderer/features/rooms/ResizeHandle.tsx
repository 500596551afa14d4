import { useRef } from 'react'
import { MAX_CHAT_WIDTH, MIN_CHAT_WIDTH, setChatWidth, useChatPane } from './chat-pane-store'

const STEP = 16

/** The left edge of the chat: dragged, or moved with the arrow keys (ARIA: window splitter). */
export function ResizeHandle() {
  const width = useChatPane((pane) => pane.width)
  const from = useRef<{ x: number; width: number } | null>(null)
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the chat"
      aria-valuenow={width}
      aria-valuemin={MIN_CHAT_WIDTH}
      aria-valuemax={MAX_CHAT_WIDTH}
      tabIndex={0}
      className="chat-resize"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = { x: event.clientX, width }
      }}
      onPointerMove={(event) => {
        if (from.current !== null) setChatWidth(from.current.width + from.current.x - event.clientX)
      }}
      onPointerUp={() => (from.current = null)}
      onKeyDown={(event) => {
        const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key]
        if (step === undefined) return
        event.preventDefault()
        event.stopPropagation()
        setChatWidth(width + step)
      }}
    />
  )
}
