import { randomUUID } from 'node:crypto'
import type { PeerService } from '@shared/engines/peer-service'
import { reportError } from '@shared/errors'
import type { ServiceClient } from '@shared/rpc/rpc'
import { rangeAnswer } from './range-answer'

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
  const answer = rangeAnswer(request, about, headers)
  if (answer instanceof Response) return answer
  const { start, end, ...answered } = answer
  if (request.method === 'HEAD' || about.size === 0) return new Response(null, answered)
  const reader = randomUUID()
  // not waited for: a seek has one way there and back less
  const begun = peer.call('beginFile', { cid, start, end, reader })
  begun.catch(() => undefined)
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const [bytes] = await Promise.all([peer.call('nextOfFile', reader), begun])
        if (bytes === null) controller.close()
        else controller.enqueue(bytes)
      },
      async cancel() {
        await peer.call('endFile', reader).catch(() => undefined)
      },
    },
    { highWaterMark: 1 },
  )
  return new Response(body, answered)
}
