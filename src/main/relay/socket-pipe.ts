import type { Socket } from 'node:net'
import type { ReaderPipe } from './live-reader'

/** How long a reader that is put out gets to take what still waits for it, milliseconds. */
const LAST_WORDS_MS = 2_000

/**
 * A socket, or what wraps one, as a way to a reader. The buffers of a live are shared between all its readers, so what
 * waits here costs a reader a pointer, not a copy.
 */
export function socketPipe(
  out: { readonly writableLength: number; write: (bytes: Uint8Array) => unknown; end: () => unknown },
  socket: Socket,
  counted: (bytes: number) => void = () => undefined,
): ReaderPipe & { destroy: () => void } {
  let closed = false
  return {
    queued: () => out.writableLength,
    write: (bytes) => {
      if (closed || socket.destroyed) return
      counted(bytes.length)
      out.write(bytes)
    },
    close: () => {
      if (closed) return
      closed = true
      out.end()
      setTimeout(() => socket.destroy(), LAST_WORDS_MS).unref()
    },
    destroy: () => {
      closed = true
      socket.destroy()
    },
  }
}
