import type { yamux } from '@libp2p/yamux'

/** What is used of a yamux stream; `state` 3 is established (`StreamState` of @libp2p/yamux). */
interface WindowedStream {
  state: number
  recvWindow: number
  recvWindowCapacity: number
  sendWindowUpdate: () => void
}

/** What is used of a muxer: it makes all its streams with this. */
interface StreamMaker {
  _newStream: (...how: unknown[]) => WindowedStream
}

const ESTABLISHED = 3

/**
 * Yamux whose streams open their window again when half of it is used, as go-yamux and rust-yamux do: @libp2p/yamux 8 answers
 * each data frame with a window update, which doubles the packets (each encrypted, each a system call) of a stream of small ones.
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
  stream.sendWindowUpdate = () => {
    if (stream.state === ESTABLISHED && stream.recvWindowCapacity > stream.recvWindow / 2) return
    update()
  }
}
