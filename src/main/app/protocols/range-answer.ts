import { parseRangeHeader } from './byte-range'

/** The stretch of a file that a player gets, the end exclusive, and what its answer says of it. */
export interface RangeAnswer {
  readonly start: number
  readonly end: number
  /** 206 for a part, else 200. */
  readonly status: number
  readonly headers: Record<string, string>
}

/** Reads what a player asks of a file of `size` bytes (RFC 9110, 206); a Response (416) when there is nothing of it. */
export function rangeAnswer(
  request: Request,
  { size, contentType }: { size: number; contentType: string },
  headers: Record<string, string>,
): RangeAnswer | Response {
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
  const partial = range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }
  const status = range === null ? 200 : 206
  return { start, end, status, headers: { ...common, 'content-length': String(end - start), ...partial } }
}
