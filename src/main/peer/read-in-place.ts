import { Socket } from 'node:net'

/** A record of TLS holds no more. */
const RECORD_BYTES = 16 * 1024

interface Handle {
  useUserBuffer?: (buffer: Uint8Array) => void
}
type WithSymbols = Record<symbol, unknown> & { _handle?: Handle | null }

/** Under these names a socket of Node keeps what was given as `onread`. */
const NAMES = ['kBuffer', 'kBufferCb', 'kBufferGen'] as const
const names = findNames()

/**
 * From now on what the socket reads goes to `take`, in one buffer that the next read overwrites; no `data` events come any more
 * (but for what was read before). False where the runtime does not allow it, and nothing has changed.
 * [Note: Reading in place] `onread` of `net.connect` does this, but Node leaves it out for TLS over a given socket. Otherwise each
 * record of TLS is memory of its own: a quarter of the cost of reading, and as much again for its collection.
 */
export function readInPlace(socket: Socket, take: (piece: Uint8Array) => void): boolean {
  const inner = socket as unknown as WithSymbols
  const handle = inner._handle
  if (names === null || typeof handle?.useUserBuffer !== 'function' || !names.every((name) => name in inner))
    return false
  const buffer = new Uint8Array(RECORD_BYTES)
  const [kBuffer, kBufferCb, kBufferGen] = names
  inner[kBuffer] = buffer
  inner[kBufferGen] = null
  inner[kBufferCb] = (length: number): boolean => {
    take(buffer.subarray(0, length))
    return true
  }
  handle.useUserBuffer(buffer)
  return true
}

function findNames(): [symbol, symbol, symbol] | null {
  const probe = new Socket({ onread: { buffer: new Uint8Array(1), callback: () => true } })
  const own = Object.getOwnPropertySymbols(probe)
  const [buffer, callback, generator] = NAMES.map((name) => own.find(({ description }) => description === name))
  probe.destroy()
  return buffer && callback && generator ? [buffer, callback, generator] : null
}
