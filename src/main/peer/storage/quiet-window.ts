import type { Stream } from '@libp2p/interface'

/** What a yamux stream keeps of its receive window; not part of the library's interface. */
interface YamuxWindow {
  recvWindow: number
  recvWindowCapacity: number
  sendWindowUpdate: () => void
}

/** Some blocks: what one source may owe at once is of that size. */
const BULK_WINDOW_BYTES = 4 * 1024 * 1024

/**
 * Opens a wide window to the sender of a bulk stream, and tells it of room again once a quarter of it is used, much as
 * other implementations of yamux do: ours says it after every frame, which is a packet, an encryption and two system calls each. A stream of
 * another make is left as it is.
 */
export function quietWindow(stream: Stream): void {
  const window = stream as Stream & Partial<YamuxWindow>
  const { sendWindowUpdate } = window
  if (typeof sendWindowUpdate !== 'function') return
  if (typeof window.recvWindow !== 'number' || typeof window.recvWindowCapacity !== 'number') return
  window.recvWindow = Math.max(BULK_WINDOW_BYTES, window.recvWindow)
  window.sendWindowUpdate = () => {
    const used = (window.recvWindow ?? 0) - (window.recvWindowCapacity ?? 0)
    // the first ones carry the flags that open the stream
    if (stream.readStatus === 'readable' && used < BULK_WINDOW_BYTES / 4) return
    sendWindowUpdate.call(window)
  }
}
