import { StudioError } from '../errors'
import { CAPTION_LIMITS, type CaptionCue } from './caption-cue'

export interface Captions {
  /** In the order of their beginnings. */
  cues: CaptionCue[]
  /** X-TIMESTAMP-MAP of HLS (RFC 8216, 3.5): `localMs` of the cues is `ticks` of 90,000 a second in the video. */
  map: { localMs: number; ticks: number } | null
}

const TIME = String.raw`(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})`
const TIMING = new RegExp(String.raw`^\s{0,8}${TIME}\s{1,8}-->\s{1,8}${TIME}(.{0,200})`)

/**
 * Reads a WebVTT file (W3C WebVTT 1, section 6) or an SRT one, which differs by its numbers and commas. Markup, styles and
 * regions are left out: what comes out is plain text. A damaged cue is passed over, like browsers do; linear in the length.
 * @throws StudioError `not-captions`: it is neither, or longer than 2 Mi characters
 */
export function readCaptions(text: string): Captions {
  if (text.length > CAPTION_LIMITS.fileLength) throw notCaptions('It is too large.')
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const isVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')
  const cues: CaptionCue[] = []
  let map: Captions['map'] = null
  for (let at = 0; at < lines.length && cues.length < CAPTION_LIMITS.cues; at++) {
    const line = lines[at]!
    if (isVtt && line.startsWith('X-TIMESTAMP-MAP=')) map ??= readMap(line)
    const timing = line.includes('-->') ? TIMING.exec(line) : null
    if (!timing) continue
    const body: string[] = []
    while (at + 1 < lines.length && lines[at + 1]!.trim() !== '' && !lines[at + 1]!.includes('-->')) {
      const next = lines[++at]!
      if (body.length < CAPTION_LIMITS.linesEach) body.push(next)
    }
    const cue = {
      startMs: milliseconds(timing, 1),
      endMs: milliseconds(timing, 5),
      text: plainText(body.join('\n')),
      top: isOnTop(timing[9] ?? '') || /^\{\\an[789]\}/.test(body[0] ?? ''),
    }
    if (cue.endMs > cue.startMs && cue.text !== '') cues.push(cue)
  }
  if (!isVtt && cues.length === 0) throw notCaptions('Choose a file that ends in .vtt or .srt.')
  return { cues: cues.sort((a, b) => a.startMs - b.startMs), map }
}

function milliseconds(parts: RegExpExecArray, from: number): number {
  const [hours, minutes, seconds] = [parts[from], parts[from + 1], parts[from + 2]].map((part) => Number(part ?? 0))
  return ((hours! * 60 + minutes!) * 60 + seconds!) * 1000 + Number((parts[from + 3] ?? '').padEnd(3, '0'))
}

function readMap(line: string): Captions['map'] {
  const ticks = /MPEGTS:(\d{1,12})/.exec(line)?.[1]
  const local = new RegExp(`LOCAL:${TIME}`).exec(line)
  return ticks === undefined || !local ? null : { localMs: milliseconds(local, 1), ticks: Number(ticks) }
}

/** `line:` below the middle: a percentage, or a line counted from the top. */
function isOnTop(settings: string): boolean {
  const [, value, percent] = /(?:^|\s)line:(-?\d{1,4})(?:\.\d{1,6})?(%?)/.exec(settings) ?? []
  if (value === undefined) return false
  const line = Number(value)
  return line >= 0 && !value.startsWith('-') && line < (percent === '%' ? 50 : 7)
}

const ENTITIES: Partial<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
  ...{ nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' },
}

/** Without tags (`<b>`, `<v Anna>`, `{\an8}`), with entities read, without control characters. */
function plainText(marked: string): string {
  let text = ''
  let closing = ''
  for (let i = 0; i < marked.length && text.length < CAPTION_LIMITS.textLength; i++) {
    const char = marked[i]!
    if (closing !== '') {
      if (char === closing) closing = ''
    } else if (char === '<') closing = '>'
    else if (char === '{' && marked[i + 1] === '\\') closing = '}'
    else if (char === '&') {
      const name = /^&(#?\w{1,8});/.exec(marked.slice(i, i + 12))?.[1]
      const read = name === undefined ? undefined : readEntity(name)
      text += read ?? '&'
      if (read !== undefined) i += name!.length + 1
    } else text += char
  }
  const shown = [...text].filter((char) => char === '\n' || !/[\p{Cc}\p{Cs}]/u.test(char)).join('')
  const lines = shown.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, CAPTION_LIMITS.textLength)
}

function readEntity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name]
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return Number.isInteger(code) && code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : undefined
}

function notCaptions(why: string): StudioError {
  return new StudioError('not-captions', `These are no captions that can be shown. ${why}`)
}
