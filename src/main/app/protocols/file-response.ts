import type { PeerService } from '@shared/engines/peer-service'
import { reportError } from '@shared/errors'
import type { ServiceClient } from '@shared/rpc/rpc'
import { parseRangeHeader } from './byte-range'

/** A CID stands for the same bytes for ever: a seek need not ask again. */
const KNOWN = new Map<string, { size: number; contentType: string }>()
const MAX_KNOWN = 100

/**
 * Answers a player's request for a file by CID: the stretch it asked for, as it arrives from the disk or from peers (RFC 9110, 206).
 * A stretch that the player gives up ends the fetching at once.
 */
export async function fileResponse(
  peer: ServiceClient<PeerService>,
  cid: string,
  request: Request,
  headers: Record<string, string>,
): Promise<Response> {
  let about = KNOWN.get(cid)
  try {
    about ??= await peer.call('aboutFile', cid)
  } catch (error) {
    return new Response(reportError(error).message, { status: 404, headers })
  }
  if (KNOWN.size >= MAX_KNOWN) KNOWN.clear()
  KNOWN.set(cid, about)
  const { size, contentType } = about
  const common = {
    ...headers,
    'content-type': contentType,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  }
  const range = parseRangeHeader(request.headers.get('range'), size)
  if (range === 'outside') {
    return new Response(null, { status: 416, headers: { ...common, 'content-range': `bytes */${size}` } })
  }
  const { start, end } = range ?? { start: 0, end: size }
  const length = { 'content-length': String(end - start) }
  const partial = range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }
  if (request.method === 'HEAD' || size === 0) {
    return new Response(null, { status: range === null ? 200 : 206, headers: { ...common, ...length, ...partial } })
  }
  const reader = await peer.call('beginFile', { cid, start, end })
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await peer.call('nextOfFile', reader)
        if (bytes === null) controller.close()
        else controller.enqueue(bytes)
      },
      async cancel() {
        await peer.call('endFile', reader).catch(() => undefined)
      },
    },
    { highWaterMark: 1 },
  )
  return new Response(body, { status: range === null ? 200 : 206, headers: { ...common, ...length, ...partial } })
}
