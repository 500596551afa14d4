/** A stretch of a file, the end exclusive. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * One range of a `Range` header (RFC 9110 section 14): null for none or a form that is not understood, which the RFC lets a server pass over;
 * `outside` when it lies behind the end.
 */
export function parseRangeHeader(header: string | null, size: number): ByteRange | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  if (first === '') {
    if (Number(last) === 0 || size === 0) return 'outside'
    return { start: Math.max(0, size - Number(last)), end: size }
  }
  const start = Number(first)
  if (start >= size) return 'outside'
  if (last !== '' && Number(last) < start) return null
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) }
}
