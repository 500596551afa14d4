import type { Stream } from '@libp2p/interface'
import { MAX_GIFT_LINE_BYTES } from '@shared/gifts/gift-line'
import { KEPT_LINES } from './room-gifts'

/**
 * `/we/gifts/1`: who comes late asks a peer of the room. The asker sends the CID of the show as ASCII and a newline; the
 * answer is the newest gift lines, oldest first, each with its length before it (u16, big endian), and the end of the stream.
 */
export const GIFTS_PROTOCOL = '/we/gifts/1'

const MAX_REQUEST = 128
const MAX_ANSWER = KEPT_LINES * (MAX_GIFT_LINE_BYTES + 2)
const TIMEOUT_MS = 5_000

/** Serves one asker out of `linesOf`; cuts who does not ask in time or in form. */
export function serveHistory(stream: Stream, linesOf: (showCid: string) => readonly Uint8Array[]): void {
  const impatience = setTimeout(() => stream.abort(new Error('no request in time')), TIMEOUT_MS)
  let asked = ''
  const onMessage = ({ data }: { data: { subarray: () => Uint8Array } }): void => {
    asked += Buffer.from(data.subarray()).toString('latin1')
    const end = asked.indexOf('\n')
    if (end < 0 && asked.length <= MAX_REQUEST) return
    stream.removeEventListener('message', onMessage)
    clearTimeout(impatience)
    if (end < 0 || end > MAX_REQUEST) {
      stream.abort(new Error('no request of this protocol'))
      return
    }
    stream.send(encodeHistory(linesOf(asked.slice(0, end))))
    stream.close().catch(() => undefined)
  }
  stream.addEventListener('message', onMessage)
  stream.addEventListener('close', () => clearTimeout(impatience))
}

/** Asks over a fresh stream; resolves with unverified lines, oldest first, or with none when there is no sound answer. */
export function askHistory(stream: Stream, showCid: string): Promise<Uint8Array[]> {
  return new Promise((resolve) => {
    const parts: Uint8Array[] = []
    let size = 0
    const end = (lines: Uint8Array[]): void => {
      clearTimeout(timer)
      resolve(lines)
    }
    const timer = setTimeout(() => {
      stream.abort(new Error('no answer in time'))
      end([])
    }, TIMEOUT_MS)
    stream.addEventListener('message', ({ data }) => {
      const bytes = data.subarray().slice()
      size += bytes.length
      if (size > MAX_ANSWER) {
        stream.abort(new Error('an answer beyond all limits'))
        end([])
      } else parts.push(bytes)
    })
    const finished = (): void => end(decodeHistory(Buffer.concat(parts)))
    stream.addEventListener('remoteCloseWrite', finished)
    stream.addEventListener('close', finished)
    stream.send(new TextEncoder().encode(`${showCid}\n`))
  })
}

/** The lines of an answer, as they are sent. */
export function encodeHistory(lines: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lines.reduce((sum, { length }) => sum + 2 + length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const line of lines) {
    view.setUint16(at, line.length)
    bytes.set(line, at + 2)
    at += 2 + line.length
  }
  return bytes
}

/** Reads them; none when the form is broken. */
export function decodeHistory(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < bytes.length;) {
    if (at + 2 > bytes.length) return []
    const length = view.getUint16(at)
    if (length > MAX_GIFT_LINE_BYTES || at + 2 + length > bytes.length || lines.length >= KEPT_LINES) return []
    lines.push(bytes.slice(at + 2, at + 2 + length))
    at += 2 + length
  }
  return lines
}
