import type { yamux } from '@libp2p/yamux'
import type { Uint8ArrayList } from 'uint8arraylist'
import { MuxerBounds, type BoundedMuxer } from './muxer-bounds'
import { YamuxReader, type YamuxFrames } from './yamux-reader'

/** What is used of the connection below a muxer (`AbstractMessageStream` of @libp2p/utils). */
interface Below {
  readStatus: string
  readBuffer: Uint8ArrayList
  onData: (data: Uint8Array | Uint8ArrayList) => void
  /** Heard by an encryption that reads in place. */
  takeLent?: (piece: Uint8Array) => void
  abort: (error: Error) => void
}

interface Muxer extends YamuxFrames {
  onData: (data: Uint8Array | Uint8ArrayList) => void
  abort: (error: Error) => void
}

/** Yamux within `MuxerBounds` that reads with `YamuxReader`, straight from what the connection below was brought: see [Note: Own yamux reader]. */
export function quickYamux(create: ReturnType<typeof yamux>): ReturnType<typeof yamux> {
  return () => {
    const factory = create()
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const made = createStreamMuxer(connection)
      const muxer = made as unknown as Muxer
      const below = connection as unknown as Below
      const end = (fault: Error): void => {
        muxer.abort(fault)
        below.abort(fault)
      }
      const bounds = new MuxerBounds(muxer as unknown as BoundedMuxer, connection, end)
      const reader = new YamuxReader(muxer, undefined, bounds)
      muxer.onData = (data) => {
        if (data instanceof Uint8Array) reader.push(data)
        else for (const part of data) reader.push(part)
      }
      pass(connection, muxer, reader)
      return made
    }
    return factory
  }
}

/** Past the connection's buffer and its event, where nothing waits in it: both are made anew for each 16 KiB. */
function pass(below: Partial<Below>, muxer: Muxer, reader: YamuxReader): void {
  const keep = below.onData?.bind(below)
  if (keep === undefined || below.readBuffer === undefined) return
  const connection = below as Below
  const waits = (): boolean => connection.readStatus !== 'readable' || connection.readBuffer.byteLength > 0
  const guard = (read: () => void): void => {
    try {
      read()
    } catch (error) {
      const fault = error instanceof Error ? error : new Error(String(error))
      muxer.abort(fault)
      connection.abort(fault)
    }
  }
  connection.onData = (data) => {
    if (waits()) keep(data)
    else guard(() => muxer.onData(data))
  }
  connection.takeLent = (piece) => {
    if (waits()) keep(piece.slice())
    else guard(() => reader.push(piece, true))
  }
}
