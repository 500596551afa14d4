import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { parseRangeHeader } from './byte-range'

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
  if (end === start) return new Response(null, { status: 200, headers: common })
  const partial = range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }
  const body = Readable.toWeb(createReadStream(path, { start, end: end - 1 })) as ReadableStream<Uint8Array>
  return new Response(body, {
    status: range === null ? 200 : 206,
    headers: { ...common, 'content-length': String(end - start), ...partial },
  })
}
