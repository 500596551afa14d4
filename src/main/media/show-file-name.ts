/** What a title may take of a file name, UTF-8 bytes: names end at 255, and date, kind and number follow. */
const MAX_TITLE_BYTES = 150
/** Not allowed in names on Windows, a separator somewhere, or no character that can be seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu

/**
 * The name, without `.mp4`, of a file that holds this show: `Evening talk 2026-11-22 17.05.09`, local time. Whatever
 * the title is, the name is valid on Linux, macOS and Windows, stays in its folder and is not hidden.
 */
export function showFileName(title: string, at: Date, kind?: 'replay'): string {
  const words = title.replace(UNSAFE, ' ').replace(/\s+/g, ' ')
  const shown = shorten(words.replace(/^[. ]+/, '')).replace(/[. ]+$/, '')
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`
  return [shown === '' ? 'Live' : shown, ...(kind ? [kind] : []), day, time].join(' ')
}

/** As many whole characters as fit. */
function shorten(text: string): string {
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_TITLE_BYTES) break
    kept += character
  }
  return kept
}
