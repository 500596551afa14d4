import type { Stream } from '@libp2p/interface'
import { takePieces, type PieceSink, type YamuxStream } from './yamux-reader'

/** Some blocks: what one source may owe at once is of that size. */
const WINDOW_BYTES = 4 * 1024 * 1024

/**
 * Hears the bytes of a stream that carries much. They are only there during the call. A yamux stream gets a window
 * that does not run dry while this process looks elsewhere (the first one holds 256 KiB, and grows with the round trip alone).
 */
export function hearBulk(stream: Stream, sink: PieceSink): void {
  const yamux = stream as Stream & Partial<YamuxStream & { maxStreamWindowSize: number }>
  if (typeof yamux.recvWindow === 'number') {
    yamux.maxStreamWindowSize = WINDOW_BYTES
    yamux.recvWindow = Math.max(WINDOW_BYTES, yamux.recvWindow)
  }
  takePieces(stream, sink)
  // other makes, and what came before
  stream.addEventListener('message', ({ data }) => {
    for (const part of data instanceof Uint8Array ? [data] : data) sink(part)
  })
}
