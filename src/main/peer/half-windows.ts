import type { yamux } from '@libp2p/yamux'

/** What is used of a yamux stream; `state` 3 is established (`StreamState` of @libp2p/yamux). */
interface WindowedStream {
  state: number
  recvWindow: number
  recvWindowCapacity: number
  maxStreamWindowSize: number
  /** Empty until it is negotiated. */
  protocol: string
  readBufferLength: number
  dispatchReadBuffer: () => void
  sendWindowUpdate: () => void
}

/** What is used of a muxer: it makes all its streams with this. */
interface StreamMaker {
  _newStream: (...how: unknown[]) => WindowedStream
}

const ESTABLISHED = 3
/** Windows grow with speed up to this (16 MiB by default): what a peer may have in one frame, which is kept until it is whole. */
const MOST_WINDOW_BYTES = 512 * 1024

/**
 * Yamux whose streams open their window again when half of it is used, as go-yamux and rust-yamux do: @libp2p/yamux 8 answers
 * each data frame with a window update, which doubles the packets (each encrypted, each a system call) of a stream of small ones.
 * What nobody has taken yet, or came before the stream said what it is for, is not made good: it is all that a peer can have kept here.
 */
export function halfWindows(create: ReturnType<typeof yamux>): ReturnType<typeof yamux> {
  return () => {
    const factory = create()
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createStreamMuxer(connection)
      const maker = muxer as unknown as StreamMaker
      const newStream = maker._newStream.bind(maker)
      maker._newStream = (...how) => {
        const stream = newStream(...how)
        waitForHalf(stream)
        return stream
      }
      return muxer
    }
    return factory
  }
}

function waitForHalf(stream: WindowedStream): void {
  const update = stream.sendWindowUpdate.bind(stream)
  stream.maxStreamWindowSize = MOST_WINDOW_BYTES
  stream.sendWindowUpdate = () => {
    if (stream.state === ESTABLISHED) {
      if (stream.recvWindowCapacity > stream.recvWindow / 2) return
      if (stream.readBufferLength > 0 || stream.protocol === '') return
    }
    update()
  }
  const dispatch = stream.dispatchReadBuffer.bind(stream)
  stream.dispatchReadBuffer = () => {
    const waited = stream.readBufferLength
    dispatch()
    if (waited > 0 && stream.readBufferLength === 0 && stream.state === ESTABLISHED) stream.sendWindowUpdate()
  }
}
