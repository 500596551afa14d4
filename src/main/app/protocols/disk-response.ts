import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { rangeAnswer } from './range-answer'

/** Answers a player's request for a video file of this computer, by the stretch it asked for (RFC 9110, 206). */
export async function diskResponse(
  path: string | null,
  request: Request,
  headers: Record<string, string>,
): Promise<Response> {
  const found = path === null ? null : await stat(path).catch(() => null)
  if (path === null || found?.isFile() !== true) return new Response('Not found', { status: 404, headers })
  const { size } = found
  const contentType = extname(path).toLowerCase() === '.webm' ? 'video/webm' : 'video/mp4'
  const answer = rangeAnswer(request, { size, contentType }, headers)
  if (answer instanceof Response) return answer
  const { start, end, ...answered } = answer
  if (end === start) return new Response(null, answered)
  const body = Readable.toWeb(createReadStream(path, { start, end: end - 1 })) as ReadableStream<Uint8Array>
  return new Response(body, answered)
}
