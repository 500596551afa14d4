import type * as NodeDataChannel from 'node-datachannel'

export type Rtc = typeof NodeDataChannel

/**
 * WebRTC (libdatachannel), loaded when the first connection needs it: it is native code with threads of its own, and
 * most lives never use it. Its global `cleanup()` is never called: the peer node may use the same library in this
 * process; each connection is closed by its owner, after which nothing keeps the process alive.
 */
export function loadRtc(): Promise<Rtc> {
  return import('node-datachannel')
}
